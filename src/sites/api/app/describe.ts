// The app API as the OpenAPI document says it.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { ErrorCode } from "../../../app/index.ts"
import type { AppKeyScope } from "../../../developers/index.ts"
import { ALWAYS, pathParameter, queryParameter, refusalsOf } from "../../base/index.ts"

const OF_APP_KEYS = [
  ...ALWAYS,
  "token_missing",
  "token_invalid",
  "invalid_api_key",
  "api_key_expired",
  "api_key_revoked",
  "client_suspended",
  "account_suspended",
  "insufficient_scope",
  "invalid_request",
  "rate_limit_exceeded",
] as const satisfies readonly ErrorCode[]

export const APP_TAG = {
  name: "App",
  description: "What your app’s own server asks about the app: its users, its use, its revenue",
}

export const APP_KEY_SCHEME = {
  appKey: {
    type: "http",
    scheme: "bearer",
    description: "A secret key of your app, `app_live_…`, with the permission that is named",
  },
}

const CLIENT_ID = {
  name: "X-Client-ID",
  in: "header" as const,
  required: false,
  schema: { type: "string" as const },
  description: "The client id of your app. If it is sent it must be the app of the key",
}

const error = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } }

interface AppReading<Answer> {
  operationId: string
  summary: string
  permission: AppKeyScope
  answer: Answer
  path?: readonly string[]
  /** None of it must be given. */
  query?: Readonly<Record<string, TSchema>>
  errors?: readonly ErrorCode[]
  /** The head of the file. */
  csv: string
}

export const appRead = <Answer extends TSchema>(said: AppReading<Answer>) => ({
  detail: {
    operationId: said.operationId,
    summary: said.summary,
    description: `${said.answer.description ?? said.summary}. With \`Accept: text/csv\` the same rows come as a file.`,
    tags: [APP_TAG.name],
    security: [{ appKey: [said.permission] }],
    parameters: [
      ...(said.path ?? []).map(pathParameter),
      ...Object.entries(said.query ?? {}).map(([name, schema]) => queryParameter(name, schema, false)),
      CLIENT_ID,
    ],
    responses: {
      200: {
        description: said.summary,
        content: {
          "application/json": { schema: said.answer },
          "text/csv": { schema: t.String(), example: said.csv },
        } as never,
      },
      ...refusalsOf([...OF_APP_KEYS, ...(said.errors ?? [])], error),
    },
  },
})
