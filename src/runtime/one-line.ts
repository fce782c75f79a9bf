export { oneLine } from "../core/one-line.js";
