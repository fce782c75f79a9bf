/**
 * What the desktop window and its main process say to each other besides the protocol, over the same MessagePort.
 * No other carrier has these messages; a viewer that does not know them ignores them, as the protocol demands.
 */
import { z } from "zod";

const faultSchema = z.object({
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  /** What to type or mend. */
  hint: z.string().optional(),
});
export type DesktopFault = z.infer<typeof faultSchema>;

/** A session that was recorded, or is being recorded. Times in milliseconds since 1970. */
export const recordingInfoSchema = z.object({
  /** Names it in requests. */
  name: z.string(),
  /** Why it cannot be read; null where it can. */
  fault: z.string().nullable(),
  flock: z.string(),
  started_at: z.number(),
  /** Null while it goes on. */
  ended_at: z.number().nullable(),
  recording: z.boolean(),
  workflows: z.number().int(),
  streams: z.number().int(),
  /** UTF-16 units of text. */
  units: z.number().int(),
  /** On the disk. */
  bytes: z.number().int(),
});
export type RecordingInfo = z.infer<typeof recordingInfoSchema>;

export const desktopStateSchema = z.object({
  type: z.literal("desktop_state"),
  platform: z.string(),
  /** One line: which Electron runs, and whether it is the fallback. */
  runtime: z.string(),
  flock: z.object({ name: z.string(), path: z.string().nullable() }).nullable(),
  /** The last file that could not be opened, with every fault; null once another one opened. */
  rejected: z.object({ path: z.string(), faults: z.array(faultSchema) }).nullable(),
  recent: z.array(z.string()),
  examples: z.array(z.object({ name: z.string(), path: z.string(), description: z.string() })),
  providers: z.array(
    z.object({
      name: z.string(),
      env: z.string(),
      /** Where the key in use comes from. */
      source: z.enum(["environment", "settings", "none"]),
    }),
  ),
  keychain: z.object({ available: z.boolean(), reason: z.string() }),
  remote: z.object({
    running: z.boolean(),
    host: z.string(),
    port: z.number().int(),
    interfaces: z.array(z.object({ name: z.string(), address: z.string() })),
    watch_link: z.string().nullable(),
    control_link: z.string().nullable(),
    warning: z.string().nullable(),
    viewers: z.array(
      z.object({
        id: z.string(),
        role: z.enum(["watch", "control"]),
        carrier: z.string(),
        address: z.string(),
        connected_at: z.number(),
        /** Produced units that this viewer has not been sent yet. */
        lag_chars: z.number().int(),
      }),
    ),
  }),
  notifications: z.boolean(),
  /**
   * `folder` is null where the environment wants nothing recorded; `enabled` is the user's choice, `recording` whether
   * the open flock is recorded; `fault` tells why it cannot be.
   */
  history: z.object({
    folder: z.string().nullable(),
    enabled: z.boolean(),
    recording: z.boolean(),
    fault: z.string().nullable(),
  }),
  /** What the page is shown in place of the open flock, which goes on. Times of the recording, in milliseconds since 1970. */
  replay: z
    .object({
      name: z.string(),
      flock: z.string(),
      from: z.number(),
      to: z.number(),
      /** When this was told; it moves on by `speed` while `playing`. */
      at: z.number(),
      speed: z.number(),
      playing: z.boolean(),
    })
    .nullable(),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

/** A menu entry or shortcut that the page carries out. */
export const desktopCommandSchema = z.object({
  type: z.literal("desktop_command"),
  command: z.enum([
    "publish",
    "settings",
    "remote",
    "history",
    "palette",
    "shortcuts",
    "find",
    "stop_all",
    "clear_finished",
  ]),
});
export type DesktopCommand = z.infer<typeof desktopCommandSchema>;

export const desktopMessageSchema = z.discriminatedUnion("type", [desktopStateSchema, desktopCommandSchema]);
export type DesktopMessage = z.infer<typeof desktopMessageSchema>;

const request = { type: z.literal("desktop_request"), request_id: z.string() };

/** Answered by the protocol's `reply`. */
export const desktopRequestSchema = z.discriminatedUnion("method", [
  /** Without a path the system's file dialog asks. */
  z.object({ ...request, method: z.literal("open_file"), path: z.string().optional() }),
  z.object({ ...request, method: z.literal("reload_file") }),
  z.object({ ...request, method: z.literal("dismiss_rejected") }),
  z.object({ ...request, method: z.literal("set_key"), provider: z.string(), key: z.string().min(1) }),
  z.object({ ...request, method: z.literal("remove_key"), provider: z.string() }),
  z.object({
    ...request,
    method: z.literal("start_remote"),
    host: z.string(),
    port: z.number().int().min(0).max(65_535),
    /** Must be true to bind anything but loopback. */
    allow_network: z.boolean().optional(),
  }),
  z.object({ ...request, method: z.literal("stop_remote") }),
  z.object({ ...request, method: z.literal("rotate_tokens") }),
  z.object({ ...request, method: z.literal("disconnect_viewer"), viewer_id: z.string() }),
  /** The reply's `result` has `recordings`: [`RecordingInfo`], newest first. */
  z.object({ ...request, method: z.literal("list_recordings") }),
  z.object({ ...request, method: z.literal("delete_recording"), name: z.string() }),
  /** Ends the open flock's recording at once, or begins with the next flock that is opened. */
  z.object({ ...request, method: z.literal("set_recording"), enabled: z.boolean() }),
  z.object({ ...request, method: z.literal("start_replay"), name: z.string() }),
  z.object({
    ...request,
    method: z.literal("steer_replay"),
    playing: z.boolean().optional(),
    speed: z.number().positive().max(1_000).optional(),
    at: z.number().optional(),
  }),
  z.object({ ...request, method: z.literal("stop_replay") }),
  z.object({ ...request, method: z.literal("set_notifications"), enabled: z.boolean() }),
  /** What needs the user, for the title bar, the dock badge and notifications. */
  z.object({
    ...request,
    method: z.literal("set_attention"),
    live: z.number().int(),
    failed: z.number().int(),
    title: z.string(),
    notify: z.object({ title: z.string(), body: z.string() }).optional(),
  }),
]);
export type DesktopRequest = z.infer<typeof desktopRequestSchema>;
