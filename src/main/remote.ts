/** Remote viewing: the server of `src/server`, started on request and following whichever flock is open. */
import { networkInterfaces } from "node:os";
import type { DesktopState } from "../protocol/index.js";

type RemoteState = DesktopState["remote"];

/** A started server, as far as the desktop needs it. */
export interface RemoteServer<Access> {
  readonly port: number;
  /** Tokens and sessions, to be handed to the next server: links and browsers that are signed in stay valid. */
  readonly access: Access;
  readonly watchLink: string;
  readonly controlLink: string;
  readonly warning: string | null;
  viewers(): readonly RemoteState["viewers"][number][];
  disconnect(id: string): boolean;
  rotateTokens(): unknown;
  close(options?: { drainMs?: number }): Promise<void>;
}

export interface RemoteAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly allowNetwork: boolean;
}

/** Without the access of an earlier server it makes its own. Rejects, in words for people, where it cannot listen. */
export type StartServer<R, Access> = (
  runtime: R,
  address: RemoteAddress,
  access: Access | undefined,
) => Promise<RemoteServer<Access>>;

/** Viewers come back by themselves, so the server need not wait for them when it moves to another flock. */
const NO_DRAIN = { drainMs: 0 };

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Where one can listen; this machine alone comes first. */
export function listInterfaces(): RemoteState["interfaces"] {
  const others = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ family, internal, address }) =>
      family === "IPv4" && !internal ? [{ name, address }] : [],
    ),
  );
  return [{ name: "This machine only", address: "127.0.0.1" }, ...others];
}

export class Remote<R, Access> {
  readonly #start: StartServer<R, Access>;
  #runtime: R | undefined;
  #server: RemoteServer<Access> | undefined;
  #address: RemoteAddress = { host: "127.0.0.1", port: 8344, allowNetwork: false };
  #access: Access | undefined;

  constructor(start: StartServer<R, Access>) {
    this.#start = start;
  }

  state(): RemoteState {
    const server = this.#server;
    return {
      running: server !== undefined,
      host: this.#address.host,
      port: server?.port ?? this.#address.port,
      interfaces: listInterfaces(),
      watch_link: server?.watchLink ?? null,
      control_link: server?.controlLink ?? null,
      warning: server?.warning ?? null,
      viewers: [...(server?.viewers() ?? [])],
    };
  }

  /** Rejects, in words for people. The links stay the same for as long as the app runs, unless the tokens are rotated. */
  async start(address: RemoteAddress): Promise<void> {
    if (!isLoopback(address.host) && !address.allowNetwork) {
      throw new Error(
        `Listening on ${address.host} lets others on the network reach this flock, over plain HTTP. Confirm that you want it.`,
      );
    }
    await this.stop();
    this.#address = address;
    await this.#serve();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    this.#access = server.access;
    await server.close(NO_DRAIN);
  }

  /** The old links stop working at once, and whoever came by one is disconnected. */
  rotateTokens(): void {
    this.#access = undefined;
    this.#server?.rotateTokens();
  }

  disconnect(viewerId: string): boolean {
    return this.#server?.disconnect(viewerId) ?? false;
  }

  /** Serves another flock under the same links; viewers reconnect by themselves. */
  async follow(runtime: R): Promise<void> {
    this.#runtime = runtime;
    const port = this.#server?.port;
    if (port === undefined) return;
    await this.stop();
    this.#address = { ...this.#address, port };
    await this.#serve();
  }

  async #serve(): Promise<void> {
    if (this.#runtime === undefined) throw new Error("Open a flock file first.");
    this.#server = await this.#start(this.#runtime, this.#address, this.#access);
  }
}
