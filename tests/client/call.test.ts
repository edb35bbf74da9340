import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { endpoint } from '#contract/endpoint.ts'
import { call, problemOf, urlOf, wire } from '../../client/lib/call.ts'

const read = endpoint({
  id: 'read',
  path: '/things/:key',
  permission: 'public',
  summary: '',
  params: z.object({ key: z.string() }),
  query: z.object({ text: z.string().optional() }),
  response: z.object({ ok: z.boolean() }),
})
const change = endpoint({
  id: 'change',
  method: 'POST',
  path: '/things',
  permission: 'public',
  summary: '',
  body: z.object({ name: z.string() }),
  response: z.object({ ok: z.boolean() }),
})
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

afterEach(() => {
  vi.unstubAllGlobals()
  wire.csrfToken = null
  wire.onSignedOut = () => {}
  wire.refresh = async () => {}
})

describe('call', () => {
  it('escapes what goes into the path and leaves out what is not given', () => {
    expect(urlOf(read, { params: { key: 'a/b ø' }, query: { text: undefined } })).toBe('/api/things/a%2Fb%20%C3%B8')
    expect(urlOf(read, { params: { key: 'x' }, query: { text: 'a&b' } })).toBe('/api/things/x?text=a%26b')
  })

  it('sends the CSRF token with everything that is not a GET', async () => {
    const fetched = vi.fn(async () => answer(200, { ok: true }))
    vi.stubGlobal('fetch', fetched)
    wire.csrfToken = 'token'
    await call(change, { body: { name: 'x' } })
    await call(read, { params: { key: 'x' } })
    const headers = fetched.mock.calls.map(args => (args as unknown as [string, RequestInit])[1].headers)
    expect(headers[0]).toMatchObject({ 'x-csrf-token': 'token' })
    expect(headers[1]).not.toHaveProperty('x-csrf-token')
  })

  it('says where a mistake is and what it is, as the server names them', async () => {
    const errors = [{ where: 'body/settings/url', what: 'must be https://…' }]
    vi.stubGlobal('fetch', async () => answer(422, { code: 'data-invalid', errors }))
    const error = await call(change, { body: { name: 'x' } }).catch((one: unknown) => one)
    expect(problemOf(error).errors).toMatchObject([{ path: 'body/settings/url', message: 'must be https://…' }])
  })

  it('fetches a new token once when the old one has become invalid', async () => {
    const answers = [answer(403, { code: 'csrf-failed' }), answer(200, { ok: true })]
    vi.stubGlobal('fetch', async () => answers.shift())
    let refreshed = 0
    wire.refresh = async () => {
      refreshed += 1
    }
    expect(await call(change, { body: { name: 'x' } })).toEqual({ ok: true })
    expect(refreshed).toBe(1)
  })

  it('notices that the session has ended', async () => {
    vi.stubGlobal('fetch', async () => answer(401, { code: 'not-signed-in' }))
    let out = false
    wire.onSignedOut = () => {
      out = true
    }
    await expect(call(read, { params: { key: 'x' } })).rejects.toThrow('not-signed-in')
    expect(out).toBe(true)
  })

  it('gives every failure a code that has a text, also from a proxy and without an answer', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 503 }))
    expect(problemOf(await call(read, { params: { key: 'x' } }).catch(error => error)).code).toBe('not-ready')
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('network')
    })
    expect(problemOf(await call(read, { params: { key: 'x' } }).catch(error => error))).toMatchObject({
      code: 'unexpected',
      status: 0,
    })
    vi.stubGlobal('fetch', async () => answer(400, { code: 'made-up' }))
    expect(problemOf(await call(read, { params: { key: 'x' } }).catch(error => error)).code).toBe('unexpected')
  })
})
