import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

export interface Binding {
  /** As asked for: a name or an address. */
  readonly host: string;
  /** As bound: an address. */
  readonly address: string;
  readonly port: number;
  /** Further names, for a machine behind a forwarded port: with its port, or without one for the bound port and 80. */
  readonly extraHosts?: readonly string[];
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function bracketed(address: string): string {
  return isIP(address) === 6 ? `[${address.toLowerCase()}]` : address.toLowerCase();
}

/** `HOST:PORT` as a URL writes it. */
export function urlHost(host: string, port: number): string {
  return port === 80 ? bracketed(host) : `${bracketed(host)}:${port}`;
}

/** A host that a browser on this machine can open, for a server bound to every interface. */
export function reachableHost(binding: Binding): string {
  return isUnspecified(binding.address) ? (machineAddresses()[0] ?? "127.0.0.1") : binding.host;
}

function machineAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((entry) => !entry.internal && !entry.address.startsWith("fe80:"))
    .sort((a, b) => (a.family === b.family ? 0 : a.family === "IPv4" ? -1 : 1))
    .map((entry) => entry.address);
}

function machineNames(): string[] {
  const name = hostname().toLowerCase();
  return name.includes(".") ? [name] : [name, `${name}.local`];
}

/** Every `Host` header under which this server answers, in lower case. Anything else is DNS rebinding or a mistake. */
export function servedHosts(binding: Binding): Set<string> {
  const names = new Set<string>([binding.host, binding.address]);
  if (isUnspecified(binding.address)) {
    names.delete(binding.host);
    names.delete(binding.address);
    for (const name of [...LOOPBACK, ...machineAddresses(), ...machineNames()]) names.add(name);
  } else if (isLoopback(binding.address)) {
    for (const name of LOOPBACK) names.add(name);
  }
  const hosts = new Set<string>();
  for (const name of names) {
    const host = bracketed(name);
    hosts.add(`${host}:${binding.port}`);
    if (binding.port === 80) hosts.add(host);
  }
  for (const extra of binding.extraHosts ?? []) {
    const host = extra.toLowerCase();
    hosts.add(host);
    if (!/:\d+$/.test(host)) hosts.add(`${host}:${binding.port}`);
    else if (host.endsWith(":80")) hosts.add(host.slice(0, -3));
  }
  return hosts;
}

/** Asks the machine again when a host is not known, since interfaces come and go with the network. */
export class HostCheck {
  readonly #binding: Binding;
  #hosts: Set<string>;

  constructor(binding: Binding) {
    this.#binding = binding;
    this.#hosts = servedHosts(binding);
  }

  isServed(host: string): boolean {
    if (this.#hosts.has(host)) return true;
    if (!isUnspecified(this.#binding.address)) return false;
    this.#hosts = servedHosts(this.#binding);
    return this.#hosts.has(host);
  }
}
