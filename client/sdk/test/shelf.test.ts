import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Entry, renderEntry } from "../src/entry.ts";
import { parseShelved, Shelf } from "../src/shelf.ts";

const stored: Record<string, string> = {};
const makeStorage = (write = (_: string): void => {}): object =>
  new Proxy(stored, {
    get: (target, name: string) =>
      ({
        getItem: (key: string) => target[key] ?? null,
        setItem: (key: string, value: string) => {
          write(value);
          target[key] = value;
        },
        removeItem: (key: string) => delete target[key],
      })[name],
  });
const put = (name: string, value: unknown): void =>
  Object.defineProperty(globalThis, name, { value, configurable: true });

const make = (name: string): Entry => renderEntry({ type: "event", name });
const adoptAll = async (shelf: Shelf): Promise<string[]> => {
  const ids: string[] = [];
  await shelf.adopt((entries) => ids.push(...entries.map(({ id }) => id)));
  return ids;
};

beforeEach(() => {
  for (const name of Object.keys(stored)) delete stored[name];
  put("localStorage", makeStorage());
  put("navigator", {});
});

test("what a tab left is taken over once", async () => {
  const entries = [make("a"), make("b")];
  new Shelf("key").save(entries, { isLeft: true });
  const [first, second] = [new Shelf("key"), new Shelf("key")];
  assert.deepEqual(await adoptAll(first), entries.map(({ id }) => id));
  assert.deepEqual(await adoptAll(second), []);
  assert.deepEqual(stored, {});
});

test("what a living tab keeps is its own, until it has been silent for five minutes", async () => {
  new Shelf("key").save([make("a")], { isLeft: false });
  const other = new Shelf("key");
  assert.deepEqual(await adoptAll(other), []);
  const [name] = Object.keys(stored) as [string];
  const shelved = JSON.parse(stored[name]!);
  stored[name] = JSON.stringify({ ...shelved, touched_ms: Date.now() - 301_000 });
  assert.equal((await adoptAll(other)).length, 1);
});

test("keys do not see each other's events", async () => {
  new Shelf("one").save([make("a")], { isLeft: true });
  assert.deepEqual(await adoptAll(new Shelf("two")), []);
});

test("stores nothing when there is nothing to keep", () => {
  const shelf = new Shelf("key");
  shelf.save([make("a")], { isLeft: false });
  shelf.save([], { isLeft: false });
  assert.deepEqual(stored, {});
});

test("forgets everything on request, other tabs' as well", () => {
  new Shelf("key").save([make("a")], { isLeft: false });
  const shelf = new Shelf("key");
  shelf.save([make("b")], { isLeft: false });
  stored["theirs"] = "stays";
  shelf.clear();
  assert.deepEqual(stored, { theirs: "stays" });
});

test("leaves out what is older than a day and what is none of ours", () => {
  const [young, old] = [make("young"), { ...make("old"), at_ms: Date.now() - 25 * 3_600_000 }];
  const text = JSON.stringify({ touched_ms: 1, isLeft: true, entries: [young, old, { id: 7 }] });
  assert.deepEqual(parseShelved(text)!.entries, [young]);
  for (const wrong of [null, "", "7", "{}", '{"entries":7}', "null"])
    assert.equal(parseShelved(wrong), null);
});

test("does not throw where storage is full or blocked", async () => {
  put("localStorage", makeStorage(() => {
    throw new Error("quota");
  }));
  const shelf = new Shelf("key");
  shelf.save([make("a")], { isLeft: false });
  put("localStorage", undefined);
  shelf.save([make("a")], { isLeft: false });
  shelf.clear();
  assert.deepEqual(await adoptAll(shelf), []);
});
