import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { urlHost } from "./access/served-hosts.js";

/** A choice that the caller must make or mend; the message says how. */
export class ServerStartError extends Error {}

/** Binds. Rejects with `ServerStartError` where another address or port would do. */
export function listen(http: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    http.listen(port, host, () => {
      const address = http.address();
      if (typeof address === "object" && address !== null) resolve(address);
      else reject(new ServerStartError("The server has no address."));
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = urlHost(host, port);
  switch (error.code) {
    case "EADDRINUSE":
      return new ServerStartError(`${where} is in use. Choose another port, or 0 for a free one.`);
    case "EACCES":
      return new ServerStartError(`This user may not open ${where}. Choose a port from 1024 on.`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ServerStartError(`${host} is not an address of this machine.`);
    default:
      return error;
  }
}
