import { expect, test } from 'vitest'
import { type JsonReport, judge } from '../setup/test-counts.ts'

const green: JsonReport = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', name: 'a.test.ts', assertionResults: [{ status: 'passed' }] }],
}

test('a green run', () => {
  expect(judge(green, 0, false)).toEqual({ passed: 3, failed: 0, notRun: 0, exitCode: 0, remarks: [] })
})

test('failed tests are counted', () => {
  const file = { status: 'failed', name: 'a.test.ts', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }
  const report = { ...green, success: false, numPassedTests: 1, numFailedTests: 1, testResults: [file] }
  expect(judge(report, 1, false)).toMatchObject({ passed: 1, failed: 1, exitCode: 1 })
})

test('a file that breaks before its first test is a failure with a number', () => {
  const broken = { status: 'failed', name: 'b.test.ts', assertionResults: [] }
  const verdict = judge({ ...green, testResults: [...green.testResults, broken] }, 1, false)
  expect(verdict).toMatchObject({ passed: 3, failed: 1, exitCode: 1 })
  expect(verdict.remarks.join()).toContain('b.test.ts')
})

test('no test executed is a failure, also when vitest is content', () => {
  expect(judge({ ...green, numPassedTests: 0, testResults: [] }, 0, false).exitCode).toBe(1)
})

test('a skipped or planned test makes the run red, unless tests were chosen by name', () => {
  expect(judge({ ...green, numPendingTests: 1 }, 0, false).exitCode).toBe(1)
  expect(judge({ ...green, numTodoTests: 1 }, 0, false).exitCode).toBe(1)
  expect(judge({ ...green, numPendingTests: 1 }, 0, true).exitCode).toBe(0)
})

test('an error outside the tests is not lost', () => {
  const verdict = judge(green, 1, false)
  expect(verdict.exitCode).toBe(1)
  expect(verdict.remarks.join()).toContain('exit code 1')
})
