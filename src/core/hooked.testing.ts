/** A component whose every hook runs `effect` with the hook's name. */
export function hooked<Component>(
  name: string,
  hooks: readonly string[],
  effect: (hook: string) => unknown,
): Component {
  return { name, ...Object.fromEntries(hooks.map((hook) => [hook, () => effect(hook)])) } as Component;
}
