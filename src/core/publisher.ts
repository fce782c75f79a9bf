import { type Artifact, EXTERNAL, type Visibility } from "./artifact.js";
import type { ArtifactType } from "./artifact-type.js";
import { checkKeys, checkMilliseconds, checkNumber } from "./checks.js";
import { FlockError } from "./errors.js";
import { andThen, type MaybePromise } from "./hooks.js";
import type { Orchestrator } from "./orchestrator.js";
import { PUBLIC, sealArtifact } from "./seal.js";
import type { Workflow } from "./workflow.js";

export interface PublishInit {
  readonly tags?: readonly string[];
  /** The workflow to publish into; a new one otherwise. */
  readonly correlationId?: string;
  /** Default public. */
  readonly visibility?: Visibility;
  /** Default 1. */
  readonly version?: number;
  /** Milliseconds from now after which the workflow is stopped and counts as failed. */
  readonly deadline?: number;
}

/** Throws `invalid_request` for a publication that would not be what its caller meant. */
export function checkInit(init: PublishInit): void {
  checkKeys("A publication", INIT_KEYS, init);
  checkMilliseconds("deadline", init.deadline);
  checkNumber("version", init.version);
  if (init.correlationId !== undefined && (typeof init.correlationId !== "string" || init.correlationId === ""))
    throw new FlockError("invalid_request", "correlationId must be the id of a workflow, or be left out for a new one");
}

const INIT_KEYS = ["tags", "correlationId", "visibility", "version", "deadline"];

/** The door through which artifacts come in from outside. */
export class Publisher {
  readonly #orchestrator: Orchestrator;
  #closed = false;

  constructor(orchestrator: Orchestrator) {
    this.#orchestrator = orchestrator;
  }

  close(): void {
    this.#closed = true;
  }

  /** From here on something runs. Rejects with `shutting_down` once the door is closed. */
  open(): MaybePromise<void> {
    this.#requireOpen();
    return andThen(this.#orchestrator.start(), () => this.#requireOpen());
  }

  /** Throws `unknown_type`, `invalid_payload`. */
  make(type: ArtifactType | string, payload: unknown, init: PublishInit, correlationId: string): Artifact {
    checkInit(init);
    const { ids, clock, types } = this.#orchestrator;
    return sealArtifact({
      ...types.parse(type, payload),
      id: ids(),
      producedBy: EXTERNAL,
      correlationId,
      tags: init.tags ?? [],
      visibility: init.visibility ?? PUBLIC,
      version: init.version ?? 1,
      createdAt: clock.now(),
    });
  }

  /** The artifact as the board has it; one that the board has not is held to its type. Throws as `make` does. */
  known(artifact: Artifact): Artifact {
    const { board, types } = this.#orchestrator;
    return board.get(artifact.id) ?? sealArtifact({ ...artifact, ...types.parse(artifact.type, artifact.payload) });
  }

  /** Stops the workflow after so many milliseconds; takes the place of an earlier limit. */
  limit(workflow: Workflow, deadline: number | undefined): void {
    if (deadline === undefined) return;
    const { clock } = this.#orchestrator;
    workflow.disarm();
    const late = new FlockError("timeout", `The workflow took longer than ${deadline / 1000} s`);
    const handle = clock.setTimeout(() => this.#orchestrator.cancelWorkflow(workflow, late), deadline);
    workflow.disarm = () => clock.clearTimeout(handle);
  }

  #requireOpen(): void {
    if (this.#closed) throw new FlockError("shutting_down", "The flock is shutting down");
  }

  /** Returns the artifacts as they were admitted. Rejects with `conflict` while their workflow is being stopped. */
  async enter(artifacts: readonly Artifact[], { deadline }: PublishInit): Promise<readonly Artifact[]> {
    const [first] = artifacts;
    if (!first) return artifacts;
    const { workflows } = this.#orchestrator;
    const workflow = this.#orchestrator.enter(first.correlationId);
    this.limit(workflow, deadline);
    workflows.hold(workflow);
    const admitted: Artifact[] = [];
    let done: MaybePromise<unknown>;
    for (const artifact of artifacts) {
      done = andThen(done, () => this.#orchestrator.admit(artifact, workflow));
      done = andThen(done, (result) => admitted.push((result as Artifact | undefined) ?? artifact));
    }
    await andThen(done, () => workflows.release(workflow));
    return admitted;
  }
}
