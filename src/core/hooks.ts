export type MaybePromise<T> = T | Promise<T>;

/** The answer of a function that must give it at once. Throws if it is a promise, whose outcome is then nobody's. */
export function synchronous<T>(answer: T): T {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {});
  throw new Error("it must not be asynchronous");
}

/** Goes on at once with what is at hand, and later with what is promised. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Lower priority first; equal ones keep their order. */
export function inOrder<C extends { readonly priority?: number }>(components: readonly C[]): readonly C[] {
  return [...components].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
}

/** Calls one hook of every component, for its effect only. */
export function callEach<C>(
  components: readonly C[],
  call: (component: C) => unknown,
  told: (component: C, error: unknown) => void,
): MaybePromise<undefined> {
  return passThrough<C, undefined>(
    components,
    undefined,
    (component) => {
      const done = call(component);
      return done instanceof Promise ? done.then(() => undefined) : undefined;
    },
    told,
  );
}

/**
 * Passes a value through one hook of every component. A hook that returns nothing leaves the value; one that throws
 * is told and leaves it too. Stays synchronous while all hooks are. `last` says which values end the passage.
 */
export function passThrough<C, V>(
  components: readonly C[],
  value: V,
  call: (component: C, value: V) => MaybePromise<V | undefined>,
  told: (component: C, error: unknown) => void,
  last: (value: V) => boolean = () => false,
): MaybePromise<V> {
  let current = value;
  for (const [index, component] of components.entries()) {
    if (last(current)) return current;
    let answer: MaybePromise<V | undefined>;
    try {
      answer = call(component, current);
    } catch (error) {
      told(component, error);
      continue;
    }
    if (answer instanceof Promise) {
      const before = current;
      return answer
        .catch((error: unknown) => {
          told(component, error);
          return undefined;
        })
        .then((later) =>
          passThrough(components.slice(index + 1), later === undefined ? before : later, call, told, last),
        );
    }
    if (answer !== undefined) current = answer;
  }
  return current;
}
