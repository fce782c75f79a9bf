import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type Keychain, KeyStore } from "./keys.js";
import { SettingsStore } from "./settings.js";

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

/** As the app has it after a start. */
function start(chain: Keychain = keychain): KeyStore {
  const store = new KeyStore(new SettingsStore(file), chain);
  store.load();
  return store;
}

test("a key counts at once and at the next start, and is not readable in the file", () => {
  const first = start();
  const { keys } = first;
  first.set("openai", "sk-secret");
  expect(keys).toEqual({ openai: "sk-secret" });
  expect(readFileSync(file, "utf8")).not.toContain("sk-secret");
  expect(start().keys).toEqual({ openai: "sk-secret" });
});

test("a removed key is gone at once and for good", () => {
  const store = start();
  store.set("openai", "sk-secret");
  store.remove("openai");
  expect(store.keys).toEqual({});
  expect(start().keys).toEqual({});
});

test.each([
  ["no keychain", { ...keychain, isEncryptionAvailable: () => false }],
  ["a keychain that does not encrypt", { ...keychain, getSelectedStorageBackend: () => "basic_text" }],
])("with %s no key is stored, and the reason is told", (_what, chain) => {
  const store = start(chain);
  expect(store.availability()).toEqual({ available: false, reason: expect.stringContaining("environment") });
  expect(() => store.set("openai", "sk-secret")).toThrow(/environment/);
  expect(store.keys).toEqual({});
});

test("a key that cannot be decrypted counts as none", () => {
  start().set("openai", "sk-secret");
  const broken: Keychain = {
    ...keychain,
    decryptString: () => {
      throw new Error("other machine");
    },
  };
  expect(start(broken).keys).toEqual({});
});
