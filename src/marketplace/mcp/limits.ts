// Limits of products as MCP servers, each with its unit and its reason.
export const PRODUCT_TOOL_LIMITS = {
  /** Of a tool's name: the longest that all models' APIs take. */
  nameCharsMax: 64,
  /** Of an argument's name, for the same reason. */
  argumentCharsMax: 64,
  /** Of an answer that is read whole for a model; as answers of tool servers. */
  answerBytesMax: 8 * 1024 * 1024,
  /** Values of one list in the query. */
  listMax: 1_000,
} as const
