// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { Carrier, Incoming } from "./carrier.js";
import { openPortCarrier } from "./port-carrier.js";

/** The page's own window as far as the carrier needs it, with a preload that hands over ports. */
class PreloadWindow extends EventTarget {
  readonly posted: unknown[] = [];
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  handOver(port: MessagePort, source: unknown = this): void {
    const event = new Event("message");
    Object.assign(event, { data: { type: "flockdeck:port" }, ports: [port], source });
    this.dispatchEvent(event);
  }
}

const asWindow = (preload: PreloadWindow) => preload as unknown as Window;

function nextMessages(carrier: Carrier): Promise<readonly Incoming[]> {
  return new Promise((resolve) => carrier.onMessage(resolve));
}

const received = (port: MessagePort) =>
  new Promise<unknown>((resolve) => {
    port.onmessage = (event: { data: unknown }) => resolve(event.data);
  });

test.each(["before", "after"])("the port may come %s it is asked for", async (when) => {
  const preload = new PreloadWindow();
  const { port1, port2 } = new MessageChannel();
  const open = openPortCarrier(asWindow(preload));
  expect(preload.posted).toEqual([{ type: "flockdeck:ready" }]);
  if (when === "before") preload.handOver(port2);
  const opening = open();
  if (when === "after") preload.handOver(port2);
  const carrier = await opening;
  const arrived = nextMessages(carrier);
  const message: Incoming = { type: "sync_complete", seq: 3 };
  port1.postMessage([message]);
  await expect(arrived).resolves.toEqual([message]);
  const answer = received(port1);
  carrier.send({ type: "ack", chars: 5 });
  await expect(answer).resolves.toEqual({ type: "ack", chars: 5 });
  port1.close();
  carrier.close();
});

test("a port from another window is not taken", async () => {
  const preload = new PreloadWindow();
  const stranger = new MessageChannel();
  const own = new MessageChannel();
  const open = openPortCarrier(asWindow(preload));
  preload.handOver(stranger.port2, {});
  preload.handOver(own.port2);
  const carrier = await open();
  const arrived = received(own.port1);
  carrier.send({ type: "ack", chars: 1 });
  await expect(arrived).resolves.toEqual({ type: "ack", chars: 1 });
  for (const port of [stranger.port1, stranger.port2, own.port1]) port.close();
  carrier.close();
});

test("a new port replaces the one before", async () => {
  const preload = new PreloadWindow();
  const first = new MessageChannel();
  const second = new MessageChannel();
  const open = openPortCarrier(asWindow(preload));
  preload.handOver(first.port2);
  const carrier = await open();
  const closed = new Promise<number>((resolve) => carrier.onClose(({ code }) => resolve(code)));
  preload.handOver(second.port2);
  await expect(closed).resolves.toBe(1001);
  const next = await open();
  const arrived = received(second.port1);
  next.send({ type: "ack", chars: 2 });
  await expect(arrived).resolves.toEqual({ type: "ack", chars: 2 });
  for (const port of [first.port1, second.port1]) port.close();
  next.close();
});
