import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type Keychain, KeyStore } from "./keys.js";
import { SettingsStore } from "./settings.js";

const openai = { name: "openai", env: "OPENAI_API_KEY" };
const reversed = (text: string) => [...text].reverse().join("");

const keychain: Keychain = {
  isEncryptionAvailable: () => true,
  encryptString: (plain) => Buffer.from(reversed(plain)),
  decryptString: (encrypted) => reversed(encrypted.toString()),
};

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "flockdeck-keys-")), "settings.json");
});

function store(environment: Record<string, string> = {}, chain: Keychain = keychain): KeyStore {
  return new KeyStore(new SettingsStore(file), chain, environment);
}

test("a stored key is there at the next start, and is not readable in the file", () => {
  store().set("openai", "sk-secret");
  expect(readFileSync(file, "utf8")).not.toContain("sk-secret");
  const next = store();
  expect(next.sourceOf(openai)).toBe("settings");
  expect(next.asEnvironment([openai])).toEqual({ OPENAI_API_KEY: "sk-secret" });
});

test("the environment's key goes first", () => {
  store().set("openai", "sk-stored");
  const next = store({ OPENAI_API_KEY: "sk-environment" });
  expect(next.sourceOf(openai)).toBe("environment");
  expect(next.asEnvironment([openai])).toEqual({});
});

test("a removed key is gone", () => {
  store().set("openai", "sk-secret");
  const keys = store();
  keys.remove("openai");
  expect(keys.sourceOf(openai)).toBe("none");
  expect(store().sourceOf(openai)).toBe("none");
});

test.each([
  ["no keychain", { ...keychain, isEncryptionAvailable: () => false }],
  ["a keychain that does not encrypt", { ...keychain, getSelectedStorageBackend: () => "basic_text" }],
])("with %s no key is stored, and the reason is told", (_what, chain) => {
  const keys = store({}, chain);
  expect(keys.availability()).toEqual({ available: false, reason: expect.stringContaining("environment") });
  expect(() => keys.set("openai", "sk-secret")).toThrow(/environment/);
  expect(keys.sourceOf(openai)).toBe("none");
});

test("a key that cannot be decrypted counts as none", () => {
  store().set("openai", "sk-secret");
  const broken: Keychain = {
    ...keychain,
    decryptString: () => {
      throw new Error("other machine");
    },
  };
  expect(store({}, broken).asEnvironment([openai])).toEqual({});
});
