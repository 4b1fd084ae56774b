// A video as its caller sees it, and when it is looked after. Pure.
import { VIDEO_LIMITS as L } from "./limits.ts"
import type { VideoRow } from "./store.ts"

export const isOpen = ({ status }: Pick<VideoRow, "status">): boolean => status !== "completed" && status !== "failed"

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1_000))

/** As OpenAI has it. @param prompt known to whoever has just said it; it is not kept */
export const videoJson = (row: VideoRow, prompt: string | null = null) => ({
  id: row.publicId,
  object: "video" as const,
  model: row.model,
  status: row.status === "submitting" ? ("queued" as const) : row.status,
  progress: row.progress,
  created_at: seconds(row.createdMs)!,
  completed_at: seconds(row.completedMs),
  expires_at: seconds(row.expiresMs),
  prompt,
  seconds: String(row.seconds),
  size: row.size,
  remixed_from_video_id: row.remixedFrom,
  error: row.status === "failed" ? { code: row.errorCode ?? "failed", message: row.errorMessage ?? "" } : null,
})

/** Often at first, then less. */
export const nextLookMs = (nowMs: number, tries: number): number =>
  nowMs + Math.min(L.lookMsMax, L.lookMs * (1 + tries / 4))
