import { hostname, networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, send, startBench, WATCH } from "../server.testing.js";
import { HostCheck, isLoopback, reachableHost, servedHosts, urlHost } from "./served-hosts.js";

afterEach(cleanUp);

describe("the Host headers that are answered", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1", ["127.0.0.1:8344", "localhost:8344", "[::1]:8344"]],
    ["localhost", "127.0.0.1", ["127.0.0.1:8344", "localhost:8344", "[::1]:8344"]],
    ["::1", "::1", ["127.0.0.1:8344", "localhost:8344", "[::1]:8344"]],
    ["192.168.7.2", "192.168.7.2", ["192.168.7.2:8344"]],
    ["Deck.lan", "192.168.7.2", ["deck.lan:8344", "192.168.7.2:8344"]],
    ["2001:DB8::7", "2001:db8::7", ["[2001:db8::7]:8344"]],
  ])("bound to %s", (host, address, expected) => {
    expect([...servedHosts({ host, address, port: 8344 })].sort()).toEqual([...expected].sort());
  });

  it("bound to every interface: loopback, the machine's addresses and its names", () => {
    const check = new HostCheck({ host: "0.0.0.0", address: "0.0.0.0", port: 8344 });
    expect(check.isServed("localhost:8344")).toBe(true);
    expect(check.isServed(`${hostname().toLowerCase()}:8344`)).toBe(true);
    for (const entry of Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])) {
      if (entry.family === "IPv4") expect(check.isServed(`${entry.address}:8344`)).toBe(true);
    }
    expect(check.isServed("0.0.0.0:8344")).toBe(false);
    expect(check.isServed("evil.example:8344")).toBe(false);
  });

  it("port 80 may be left out, as browsers do", () => {
    expect(servedHosts({ host: "127.0.0.1", address: "127.0.0.1", port: 80 })).toContain("localhost");
  });

  it("further hosts are a choice", () => {
    const binding = { host: "0.0.0.0", address: "0.0.0.0", port: 8344, extraHosts: ["Deck.example:80"] };
    expect(new HostCheck(binding).isServed("deck.example:80")).toBe(true);
  });

  it.each([
    ["deck.lan:9000", { "deck.lan:9000": true, "deck.lan:8344": false, "deck.lan": false }],
    ["deck.lan:80", { "deck.lan": true, "deck.lan:8344": false }],
    ["deck.lan", { "deck.lan": true, "deck.lan:8344": true, "deck.lan:9000": false }],
    ["[fd00::1]", { "[fd00::1]": true, "[fd00::1]:8344": true, "[fd00::1]:9000": false }],
  ])("%s is served at its port alone, or at the bound one and 80", (extra, expected) => {
    const hosts = servedHosts({ host: "127.0.0.1", address: "127.0.0.1", port: 8344, extraHosts: [extra] });
    for (const [host, isServed] of Object.entries(expected)) expect(hosts.has(host), host).toBe(isServed);
  });
});

it.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.1.1", false],
  ["127.0.0.1.evil.example", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

it("writes IPv6 as URLs do", () => {
  expect(urlHost("::1", 8344)).toBe("[::1]:8344");
});

describe("anything but loopback", () => {
  it("needs an explicit choice", async () => {
    await expect(startBench({ host: "0.0.0.0" })).rejects.toThrow(/Allow it explicitly/);
  });
  it("warns, and gives a link that others can open", async () => {
    const warnings: string[] = [];
    const logger = { info: () => {}, warn: (_: object, message: string) => warnings.push(message), error: () => {} };
    const { server } = await startBench({ host: "0.0.0.0", allowNetwork: true, logger });
    expect(server.warning).toMatch(/Other machines can reach/);
    expect(warnings).toEqual([server.warning]);
    expect(server.watchLink).toBe(`http://${server.host}:${server.port}/#token=${WATCH}`);
    expect(server.host).toBe(reachableHost({ host: "0.0.0.0", address: "0.0.0.0", port: server.port }));
    const answer = await send(server, "/healthz", { headers: { Host: `${server.host}:${server.port}` } });
    expect(answer.status).toBe(200);
  });
  it("a taken port says what to do", async () => {
    const { server } = await startBench();
    await expect(startBench({ port: server.port })).rejects.toThrow(/is in use. Choose another port/);
  });
});
