/** Flock files that several tests serve. */
export const ECHO = `
name: Echo
model: demo/echo?tps=100&chunk=4
types:
  Line: { type: object, properties: { text: { type: string } }, required: [text] }
  Fast: { type: object, properties: { text: { type: string } }, required: [text] }
  Big: text
  Said: text
  Huge: text
agents:
  - { name: parrot, description: Say it again., consumes: [Line], publishes: [Said] }
  - { name: mynah, description: Say it at once., consumes: [Fast], publishes: [Said], model: demo/echo?tps=0 }
  - { name: author, description: Write a lot., consumes: [Big], publishes: [Huge], model: demo/essay?tps=0&chars=150000 }
publish:
  Line: { text: sample }
`;

export const many = (agents: number, model: string): string =>
  `name: Many\nmodel: ${model}\ntypes:\n  Line: text\n  Said: text\nagents:\n${Array.from(
    { length: agents },
    (_, index) => `  - { name: a${index}, description: Write., consumes: [Line], publishes: [Said] }`,
  ).join("\n")}\n`;
