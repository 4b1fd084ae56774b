// How much of a document is looked at. What is above is refused or left out with a note, never half understood.
export const OPENAPI_LIMITS = {
  /** Objects and lists of the whole document, aliases of YAML counted as often as they are used. GitHub's has 300,000 at 13 MB. */
  nodesMax: 500_000,
  /** Nesting of the document: real ones have 40. */
  depthMax: 200,
  /** Steps from one reference to the next before it counts as a circle. */
  refsMax: 50,
  /** Nesting of one schema; what is deeper accepts everything. */
  schemaDepthMax: 60,
  /** Schemas that all endpoints' own schemas are copied from, together. */
  schemaNodesMax: 2_000_000,
  notesMax: 40,
  /** An answer made up from its schema. */
  sampleNodesMax: 200,
  sampleDepthMax: 6,
  sampleChars: 8_000,
} as const
