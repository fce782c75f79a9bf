import { expect, test } from "vitest";
import { isLoopback, Remote, type RemoteServer } from "./remote.js";

const loopback = { host: "127.0.0.1", port: 0, allowNetwork: false };

/** Stands for the server's tokens and sessions. */
interface FakeAccess {
  token: string;
}

function setup() {
  const log: string[] = [];
  let made = 0;
  const newToken = () => `token${++made}`;
  const remote = new Remote<string, FakeAccess>(async (runtime, address, earlier) => {
    const port = address.port || 50_000;
    log.push(`start ${runtime} ${address.host}:${port}`);
    const access = earlier ?? { token: newToken() };
    const server: RemoteServer<FakeAccess> = {
      port,
      access,
      get watchLink() {
        return `#watch-${access.token}`;
      },
      get controlLink() {
        return `#control-${access.token}`;
      },
      warning: null,
      viewers: () => [],
      disconnect: (id) => id === "v1",
      rotateTokens: () => {
        access.token = newToken();
      },
      close: async () => {
        log.push(`close ${runtime}`);
      },
    };
    return server;
  });
  return { remote, log };
}

test("links work while it runs and are gone when it stops", async () => {
  const { remote } = setup();
  await remote.follow("a");
  await remote.start(loopback);
  expect(remote.state()).toMatchObject({
    running: true,
    port: 50_000,
    watch_link: "#watch-token1",
    control_link: "#control-token1",
  });
  await remote.stop();
  expect(remote.state()).toMatchObject({ running: false, watch_link: null, control_link: null });
});

test("another flock is served under the same links, and so is the next start", async () => {
  const { remote, log } = setup();
  await remote.follow("a");
  await remote.start(loopback);
  await remote.follow("b");
  expect(remote.state().control_link).toBe("#control-token1");
  expect(log).toEqual(["start a 127.0.0.1:50000", "close a", "start b 127.0.0.1:50000"]);
  await remote.stop();
  await remote.start(loopback);
  expect(remote.state().control_link).toBe("#control-token1");
});

test("rotated tokens make new links that stay, and the old ones never return", async () => {
  const { remote } = setup();
  await remote.follow("a");
  await remote.start(loopback);
  remote.rotateTokens();
  expect(remote.state().watch_link).toBe("#watch-token2");
  await remote.follow("b");
  expect(remote.state().watch_link).toBe("#watch-token2");
  await remote.stop();
  remote.rotateTokens();
  await remote.start(loopback);
  expect(remote.state().watch_link).toBe("#watch-token3");
});

test("the network is listened on only when that was asked for in so many words", async () => {
  const { remote, log } = setup();
  await remote.follow("a");
  const network = { host: "192.168.1.20", port: 0 };
  await expect(remote.start({ ...network, allowNetwork: false })).rejects.toThrow(/network/);
  expect(log).toEqual([]);
  await remote.start({ ...network, allowNetwork: true });
  expect(remote.state().running).toBe(true);
});

test("without a flock there is nothing to serve", async () => {
  const { remote } = setup();
  await expect(remote.start(loopback)).rejects.toThrow(/Open a flock file/);
  expect(remote.disconnect("v1")).toBe(false);
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["127.0.0.1.example.com", false],
  ["192.168.1.1", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
