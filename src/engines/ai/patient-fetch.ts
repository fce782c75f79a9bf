type Dispatcher = new (options: { headersTimeout: number; bodyTimeout: number }) => unknown;

const GLOBAL_DISPATCHER = Symbol.for("undici.globalDispatcher.1");

/**
 * Node's fetch gives up after five minutes without headers or without any byte, which is less than a model may think.
 * This one leaves both limits to its caller. Where another dispatcher was set (a proxy), that one is used as it is.
 */
export function createPatientFetch(): typeof globalThis.fetch {
  let dispatcher: unknown;
  return (input, init) => {
    dispatcher ??= createDispatcher();
    return fetch(input, dispatcher === undefined ? init : withDispatcher(init, dispatcher));
  };
}

function createDispatcher(): unknown {
  // Node loads its fetch, and sets the dispatcher, with the first use of any part of it.
  new Response();
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof current !== "object" || current === null || current.constructor.name !== "Agent") return undefined;
  const Agent = current.constructor as Dispatcher;
  return new Agent({ headersTimeout: 0, bodyTimeout: 0 });
}

function withDispatcher(init: RequestInit | undefined, dispatcher: unknown): RequestInit {
  return Object.assign({}, init, { dispatcher });
}
