import { expect, test } from "vitest";
import { describeExample } from "./examples.js";

test("an example is called by its name and told by its description", () => {
  const text =
    '# A comment.\nname: "Newsroom"\ndescription: Eight writers.\nagents:\n  - name: a\n    description: Write.\n';
  expect(describeExample("/flocks/newsroom.yaml", text)).toEqual({
    name: "Newsroom",
    path: "/flocks/newsroom.yaml",
    description: "Eight writers.",
  });
});

test("without a name it is called by its path", () => {
  expect(describeExample("/flocks/a.yaml", "agents:\n  - description: Write.\n")).toEqual({
    name: "/flocks/a.yaml",
    path: "/flocks/a.yaml",
    description: "",
  });
});
