export * from "./desktop.js";
export * from "./errors.js";
export * from "./messages.js";
export * from "./transport.js";
