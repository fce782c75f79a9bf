export * from "./desktop.js";
export * from "./errors.js";
export * from "./fold.js";
export * from "./messages.js";
export * from "./stream-text.js";
export * from "./transport.js";
export * from "./view-state.js";
