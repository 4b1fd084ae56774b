// Asking for a video, once. Making one is dear and cannot be taken back, so nobody is asked again unless it is certain that the request was
// refused or did not arrive; where that is not clear the row stays as it is, and what became of it is looked for later (lost.ts).
import { AppError } from "../../app/index.ts"
import { readDecoded } from "../../http/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { type ModelRequest, UpstreamFailure, unreachable, utf8 } from "../providers/index.ts"
import type { Quote } from "../types.ts"
import type { VideoQuestion } from "./fields.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"

export type Submitted =
  | { kind: "accepted"; jobId: string }
  | { kind: "refused"; failure: UpstreamFailure }
  | { kind: "unclear"; error: unknown }

export interface ToSubmit {
  question: VideoQuestion
  /** Of the video here: servers that know repeats by it make none. */
  publicId: string
  /** What it is made anew from, by its provider's name. */
  remixOf: string | null
}

export async function submitTo(quote: Quote, asked: ToSubmit): Promise<Submitted> {
  let sent: Awaited<ReturnType<typeof encoded>>
  try {
    sent = await encoded(quote, asked)
  } catch (error) {
    if (error instanceof UpstreamFailure) return { kind: "refused", failure: error }
    if (error instanceof AppError) return { kind: "refused", failure: new UpstreamFailure(error, true) }
    throw error
  }
  let response: Response
  try {
    response = await quote.upstream.fetch(sent.url, {
      method: "POST",
      headers: { ...sent.headers, "idempotency-key": asked.publicId },
      body: sent.body,
      ...(sent.form ? { form: sent.form } : {}),
      signal: AbortSignal.timeout(L.submitMs),
      redirect: "manual",
      decompress: false,
      // An idle connection may be closed under it, and nobody could tell whether it was read.
      keepalive: false,
    })
  } catch (error) {
    return isUnreached(error) ? { kind: "refused", failure: unreachable(error) } : { kind: "unclear", error }
  }
  return response.ok ? accepted(quote, response) : refused(quote, response)
}

async function encoded({ wire, upstream, model }: Quote, { question, remixOf }: ToSubmit) {
  const request: ModelRequest = {
    model,
    stream: false,
    maxTokens: 0,
    maxTokensField: upstream.maxTokensField,
    question: {
      fields: question.fields,
      conversation: null,
      ...(question.upload ? { files: question.upload.files } : {}),
    },
  }
  if (remixOf !== null) {
    const { at, body } = wire.jobs!.remix!(upstream.account, remixOf, request)
    return { ...at, body, form: null }
  }
  const { url, headers } = await wire.endpoint(upstream.account, request, upstream.fetch)
  const said = wire.encode(request, upstream.traits.quirks)
  if (typeof said === "string") return { url, headers, body: said, form: null }
  return { url, headers: { ...headers, "content-type": said.contentType }, body: said.stream(), form: said }
}

async function accepted({ wire }: Quote, response: Response): Promise<Submitted> {
  try {
    return { kind: "accepted", jobId: wire.jobs!.submitted(utf8(await readDecoded(response, L.answerBytesMax))).id }
  } catch (error) {
    return { kind: "unclear", error }
  }
}

/** Answers below 500 are refusals, and so is being too busy; of any other a job may have come. */
const isCertain = (status: number): boolean => (status < 500 && status !== 408) || status === 503 || status === 529

async function refused({ wire, upstream }: Quote, response: Response): Promise<Submitted> {
  const { status, headers } = response
  const body = await readDecoded(response, GATEWAY_LIMITS.refusalBytesMax).then(utf8, () => "")
  if (!isCertain(status)) return { kind: "unclear", error: { status } }
  const { failure } = wire.refusal({ status, headers, body, apiKey: upstream.account.apiKey })
  failure.status = status
  return { kind: "refused", failure }
}

/** What the platform says when nobody took the request. */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ConnectionRefused|FailedToOpenSocket|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/
const isUnreached = (error: unknown): boolean =>
  UNREACHED.test(String((error as { code?: unknown } | null)?.code ?? ""))
