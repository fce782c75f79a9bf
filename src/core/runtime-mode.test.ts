import { describe, expect, test } from "vitest";
import { Context } from "./context.js";
import { settled } from "./fake-clock.testing.js";
import { A, Bench, GatedEngine, Text } from "./flock.testing.js";
import { Flock, RuntimeMode, registerServiceStarter, visibility } from "./index.js";

const serviceStarter = async () => ({ close: async () => {} });

describe("the runtime mode", () => {
  test("is cli by default, and dashboard once the dashboard is served", async () => {
    const flock = new Flock({ serviceStarter });
    expect(flock.context.runtimeMode).toBe(RuntimeMode.CLI);
    expect(flock.context.allowsParallelStreaming).toBe(false);
    await flock.serve({ dashboard: true });
    expect(flock.context.runtimeMode).toBe(RuntimeMode.DASHBOARD);
    expect(flock.context.allowsParallelStreaming).toBe(true);
  });

  test.each<[RuntimeMode, boolean, boolean, boolean]>([
    ["cli", false, true, false],
    ["dashboard", true, false, true],
    ["api", true, false, true],
    ["test", true, false, false],
  ])("%s: parallel %s, console %s, web socket %s", (mode, parallel, console, webSocket) => {
    const { context } = new Flock({ mode });
    expect(context.allowsParallelStreaming).toBe(parallel);
    expect(context.shouldStreamToConsole).toBe(console);
    expect(context.shouldStreamToWebSocket).toBe(webSocket);
  });

  test("is one of four: no other string is taken", () => {
    const mode: RuntimeMode = JSON.parse('"DASHBOARD"');
    expect(() => new Flock({ mode })).toThrow('no runtime mode "DASHBOARD". Choose from: cli, dashboard, api, test');
  });

  test("is api when served without a dashboard", async () => {
    const flock = new Flock({ serviceStarter });
    await flock.serve();
    expect(flock.context.runtimeMode).toBe("api");
  });

  test("is cli for a script", () => {
    expect(new Flock().runScript().context.runtimeMode).toBe("cli");
  });

  test.each<[string, (flock: Flock) => unknown]>([
    ["runScript", (flock) => flock.runScript()],
    ["serving the API", (flock) => flock.serve()],
  ])("is decided by %s", async (_name, decide) => {
    const flock = new Flock({ serviceStarter }).registerType(A);
    await decide(flock);
    await expect(flock.serve({ dashboard: true })).rejects.toMatchObject({ code: "conflict" });
    expect(flock.context.runtimeMode).not.toBe("dashboard");
  });

  test.each<[string, (flock: Flock) => unknown]>([
    ["a publication", (flock) => flock.publish("A", { n: 1 })],
    ["runUntilIdle", (flock) => flock.runUntilIdle()],
    ["start", (flock) => flock.start()],
  ])("is left open by %s, for serve to decide", async (_name, begin) => {
    const flock = new Flock({ serviceStarter }).registerType(A);
    await begin(flock);
    expect(flock.context.runtimeMode).toBe("cli");
    await flock.serve({ dashboard: true });
    expect(flock.context.runtimeMode).toBe("dashboard");
    expect(() => flock.runScript()).toThrow(expect.objectContaining({ code: "conflict" }));
  });

  test("of a run stays what it was when the run began, though serve decides another", async () => {
    const bench = new Bench({ mode: undefined, serviceStarter });
    const engine = new GatedEngine("gated");
    for (const name of ["x", "y"]) bench.flock.agent(name).consumes(A).publishes(Text).withEngine(engine);
    await bench.publish("A", 1);
    await settled();
    const [early] = engine.calls;
    await bench.flock.serve({ dashboard: true });
    await bench.publish("A", 2);
    await settled();
    expect(early?.context.runtimeMode).toBe("cli");
    expect(engine.calls.at(-1)?.context.runtimeMode).toBe("dashboard");
  });

  test("lets streams that were kept back be seen once the service is open", async () => {
    const started: string[][] = [];
    const opened = (flock: Flock) => {
      const names: string[] = [];
      started.push(names);
      flock.on((event) => event.type === "stream_started" && names.push(event.agentName));
    };
    const bench = new Bench({
      mode: undefined,
      serviceStarter: async (flock) => {
        opened(flock);
        return { close: async () => {} };
      },
    });
    opened(bench.flock);
    for (const name of ["live", "kept", "kept, too"])
      bench.flock
        .agent(name)
        .consumes(A)
        .publishes(Text)
        .withEngine(() => new Promise(() => {}));
    await bench.publish("A", 1);
    await settled();
    expect(started).toEqual([["live"]]);
    await bench.flock.serve();
    expect(started).toEqual([
      ["live", "kept", "kept, too"],
      ["kept", "kept, too"],
    ]);
  });

  test("given to the constructor stays", async () => {
    const flock = new Flock({ mode: "test", serviceStarter });
    expect(() => flock.runScript()).toThrow(expect.objectContaining({ code: "conflict" }));
    await expect(flock.serve()).rejects.toMatchObject({ code: "conflict" });
    expect(flock.context.runtimeMode).toBe("test");
  });

  test("may be decided again as what it is", async () => {
    const flock = new Flock({ mode: "dashboard", serviceStarter });
    await flock.serve({ dashboard: true });
    expect(flock.context.runtimeMode).toBe("dashboard");
  });

  test("is changed by no payload, tag or metadata", async () => {
    const bench = new Bench({ metadata: { runtimeMode: "dashboard", runtime_mode: "dashboard" } });
    bench.agent().consumes(A);
    await bench.publish("A", 1, { runtime_mode: "cli", runtimeMode: "cli" }, { tags: ["runtime_mode=cli"] });
    await bench.flock.runUntilIdle();
    expect(bench.flock.context.runtimeMode).toBe("test");
  });

  test("is the same in every run's context", async () => {
    const bench = new Bench();
    const modes: string[] = [];
    for (const name of ["x", "y"])
      bench.flock
        .agent(name)
        .consumes(A)
        .withEngine(({ context }) => void modes.push(context.runtimeMode));
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(modes).toEqual(["test", "test"]);
  });
});

describe("a context", () => {
  const board = { get: () => undefined, list: () => [] };

  test("is frozen", () => {
    const context = new Context({ board, runtimeMode: "cli", metadata: { a: 1 } });
    for (const field of ["runtimeMode", "board", "metadata", "correlationId"])
      expect(() => Object.assign(context, { [field]: "dashboard" })).toThrow(TypeError);
    expect(() => Object.defineProperty(context, "allowsParallelStreaming", { value: true })).toThrow(TypeError);
    expect(() => Object.assign(context.metadata, { a: 2 })).toThrow(TypeError);
  });

  test("of a run is frozen as well", async () => {
    const bench = new Bench();
    const attempts: boolean[] = [];
    bench.flock
      .agent("x")
      .consumes(A)
      .withEngine(
        ({ context }) => void attempts.push(Reflect.set(context, "runtimeMode", "cli"), Object.isFrozen(context)),
      );
    await bench.publish("A", 1);
    await bench.flock.runUntilIdle();
    expect(attempts).toEqual([false, true]);
  });
});

describe("serving", () => {
  test("hands the flock and its options to the service", async () => {
    const calls: unknown[] = [];
    const flock = new Flock({
      serviceStarter: async (served, options) => {
        calls.push(served, options);
        return { url: "http://127.0.0.1:1", close: async () => void calls.push("closed") };
      },
    });
    const service = await flock.serve({ dashboard: true, port: 0 });
    expect(service.url).toBe("http://127.0.0.1:1");
    await flock.shutdown();
    expect(calls).toEqual([flock, { dashboard: true, port: 0 }, "closed"]);
  });

  test("refuses a second service, which would leave the first one open", async () => {
    const flock = new Flock({ serviceStarter: async () => ({ url: "first", close: async () => {} }) });
    await flock.serve();
    await expect(flock.serve()).rejects.toMatchObject({ code: "conflict" });
  });

  test("may be tried again after a service that could not start", async () => {
    let port = "taken";
    const flock = new Flock({
      serviceStarter: async () => {
        if (port === "taken") throw new Error("the port is taken");
        return { url: "second", close: async () => {} };
      },
    });
    await expect(flock.serve()).rejects.toThrow("taken");
    port = "free";
    expect((await flock.serve()).url).toBe("second");
  });

  test("falls back on the registered service, and says what is missing without one", async () => {
    await expect(new Flock().serve()).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("serviceStarter"),
    });
    const flock = new Flock();
    await flock.serve({ dashboard: true }).catch(() => {});
    expect(flock.runScript().context.runtimeMode).toBe("cli");
    registerServiceStarter(async () => ({ url: "registered", close: async () => {} }));
    expect((await new Flock().serve()).url).toBe("registered");
    registerServiceStarter(undefined);
  });
});

describe("the context of a flock and its agents", () => {
  const { board } = new Flock();

  test("is of cli unless told otherwise", () => {
    expect(new Context({ board }).runtimeMode).toBe("cli");
    expect(new Context({ board, runtimeMode: "api" }).runtimeMode).toBe("api");
  });

  test("has metadata of its own, frozen through and through", async () => {
    class Connection {
      open = true;
    }
    const metadata = { user: { roles: ["reader"] }, connection: new Connection(), self: {} as unknown };
    metadata.self = metadata.user;
    const bench = new Bench({ metadata });
    metadata.user.roles.push("admin");
    const given = bench.flock.context.metadata as typeof metadata;
    expect(given.user).toEqual({ roles: ["reader"] });
    expect(() => given.user.roles.push("admin")).toThrow(TypeError);
    expect(() => Object.assign(given.user, { roles: [] })).toThrow(TypeError);
    expect(given.self).toBe(given.user);
    expect(given.connection).toBe(metadata.connection);
    let inRun: unknown;
    bench.flock.agent("x").withEngine(({ context }) => {
      inRun = context.metadata;
    });
    await bench.flock.invoke("x");
    expect(inRun).toBe(given);
  });

  test("is there for every agent, read-only, with the mode of its flock", async () => {
    const flock = new Flock({ serviceStarter, metadata: { user: "Ada" } });
    const agent = flock.agent("x");
    expect([agent.context.runtimeMode, flock.agents[0]?.context.runtimeMode]).toEqual(["cli", "cli"]);
    await flock.serve({ dashboard: true });
    expect(agent.context).toMatchObject({ runtimeMode: "dashboard", metadata: { user: "Ada" } });
    expect(agent.context).toBe(flock.agents[0]?.context);
    expect(() => Object.assign(agent.context, { runtimeMode: "test" })).toThrow(TypeError);
    expect(() => Object.assign(agent, { context: {} })).toThrow(TypeError);
    expect(() => Object.assign(flock.agents[0] ?? {}, { context: {} })).toThrow(TypeError);
  });

  test("of an agent shows the board as the agent sees it", async () => {
    const bench = new Bench();
    const [insider, outsider] = [bench.agent("insider"), bench.agent("outsider")];
    const { id } = await bench.publish("A", 1, {}, { visibility: visibility.private("insider") });
    expect([insider, outsider].map(({ context }) => context.board.list().length)).toEqual([1, 0]);
    expect(outsider.context.board.get(id)).toBeUndefined();
  });
});
