/** A new id: a random UUID. Node 18, on which older Electron versions stand, has no global `crypto`. */
export function randomId(): string {
  return typeof crypto === "undefined" ? withoutCrypto() : crypto.randomUUID();
}

function withoutCrypto(): string {
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
