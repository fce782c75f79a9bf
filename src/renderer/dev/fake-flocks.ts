import { type FakeAgent, FakeFlock, type FakeFlockOptions } from "./fake-flock.js";

const topic = {
  type: "object",
  properties: {
    title: { type: "string", title: "Title", description: "What the newsroom writes about" },
    audience: { type: "string", title: "Audience", enum: ["general readers", "students", "engineers"] },
    words: { type: "integer", title: "Words", minimum: 50, maximum: 2000 },
    angles: { type: "array", title: "Angles", items: { type: "string" } },
  },
  required: ["title"],
};

const REPORTERS = [
  "historian",
  "economist",
  "poet",
  "engineer",
  "critic",
  "traveller",
  "scientist",
  "archivist",
] as const;

function agent(patch: Partial<FakeAgent> & Pick<FakeAgent, "name" | "consumes" | "publishes">): FakeAgent {
  return { description: `Writes as a ${patch.name}.`, model: "demo/essay", ...patch };
}

export function newsroom(patch: Partial<FakeFlockOptions> = {}, speed = 1): FakeFlock {
  return new FakeFlock({
    name: "Newsroom",
    types: { Topic: topic, Draft: { type: "object" }, Review: { type: "object" }, Article: { type: "object" } },
    sample: {
      Topic: { title: "The history of flight", audience: "general readers", words: 400, angles: ["cost", "weather"] },
    },
    agents: [
      ...REPORTERS.map((name, at) =>
        agent({
          name,
          consumes: ["Topic"],
          publishes: ["Draft"],
          speed: (120 + at * 14) * speed,
          chars: 1800 + at * 260,
          ...(name === "critic" ? { fails: true } : {}),
          ...(name === "scientist" ? { waitsMs: 9000 } : {}),
          ...(name === "poet" ? { chars: 520 } : {}),
          ...(at % 3 === 1 ? { model: "openai/gpt-5-mini" } : {}),
        }),
      ),
      agent({ name: "fact checker", consumes: ["Draft"], publishes: ["Review"], speed: 150 * speed }),
      agent({ name: "editor", consumes: ["Draft"], publishes: ["Edit"], speed: 170 * speed }),
      agent({ name: "publisher", consumes: ["Edit", "Review"], publishes: ["Article"], speed: 190 * speed }),
    ],
    ...patch,
  });
}

export function wide(
  count: number,
  { chars, speed, prefill = 0 }: { chars: number; speed: number; prefill?: number },
  patch: Partial<FakeFlockOptions> = {},
): FakeFlock {
  return new FakeFlock({
    name: `Wide flock of ${count}`,
    types: { Topic: topic },
    sample: { Topic: { title: "The history of flight" } },
    agents: Array.from({ length: count }, (_, at) =>
      agent({
        name: `writer-${String(at + 1).padStart(2, "0")}`,
        consumes: ["Topic"],
        publishes: ["Note"],
        chars,
        prefill,
        speed: speed * (0.8 + ((at * 37) % 40) / 100),
      }),
    ),
    ...patch,
  });
}
