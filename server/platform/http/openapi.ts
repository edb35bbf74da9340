import { z } from 'zod'
import type { Endpoint } from '#contract/endpoint.ts'
import { PROBLEMS, type ProblemCode } from '#contract/problems.ts'
import { SAID } from '#contract/said.ts'

type JsonSchema = { properties?: Record<string, unknown>; required?: string[] } & Record<string, unknown>

/** OpenAPI 3.1 from the declared endpoints, with zod's own JSON Schema. What is not declared is not documented, and the other way round. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, unknown> = { Problem: PROBLEM }
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][endpoint.method.toLowerCase()] = hoist(operation(endpoint), endpoint.id, schemas)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hjemmel', version, license: { name: 'MPL-2.0', identifier: 'MPL-2.0' } },
    servers: [{ url: '/api' }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'hjemmel' } },
      schemas,
    },
  }
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    detail: { type: 'string' },
    said: {
      type: 'object',
      description: '`detail` as a code and its values, where the screen says it in its language',
      properties: { code: { type: 'string', enum: Object.keys(SAID) }, params: { type: 'object' } },
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          where: { type: 'string' },
          what: { type: 'string' },
          said: { type: 'object', description: '`what` as a code and its values' },
          line: { type: 'integer' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}

function operation(endpoint: Endpoint): Record<string, unknown> {
  const codes: ProblemCode[] = [
    'invalid-request',
    ...(endpoint.permission === 'public' ? [] : (['not-signed-in'] as const)),
    ...(endpoint.permission === 'public' || endpoint.permission === 'signed-in' ? [] : (['not-allowed'] as const)),
    ...endpoint.problems,
  ]
  const byStatus = Map.groupBy(codes, code => PROBLEMS[code].status)
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    // One heading a resource on the browsable page.
    tags: [endpoint.path.split('/')[1] ?? ''],
    'x-permission': endpoint.permission,
    ...(endpoint.permission === 'public' ? {} : { security: [{ session: [] }] }),
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(endpoint.method === 'GET'
      ? {}
      : { requestBody: { content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } }),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } },
      ...Object.fromEntries(
        [...byStatus].map(([status, list]) => [
          status,
          {
            description: [...new Set(list)].map(code => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  }
}

/**
 * What zod keeps beside a schema (`$defs`, for shapes that hold themselves) goes to the components, under a name of its
 * endpoint: references count from the root of the document, where no `$defs` stand.
 */
function hoist(value: Record<string, unknown>, id: string, schemas: Record<string, unknown>): Record<string, unknown> {
  const name = (key: string) => `${id}_${key.replace(/\W/g, '')}`
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk)
    if (part === null || typeof part !== 'object') return part
    const { $defs, ...rest } = part as Record<string, unknown>
    for (const [key, schema] of Object.entries($defs ?? {})) schemas[name(key)] = walk(schema)
    return Object.fromEntries(
      Object.entries(rest).map(([key, inner]) =>
        key === '$ref' && typeof inner === 'string' && inner.startsWith('#/$defs/')
          ? [key, `#/components/schemas/${name(inner.slice('#/$defs/'.length))}`]
          : [key, walk(inner)],
      ),
    )
  }
  return walk(value) as Record<string, unknown>
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return rest as JsonSchema
}

function parameters(schema: z.ZodType, where: 'path' | 'query'): unknown[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input')
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: shape,
  }))
}
