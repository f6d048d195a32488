import { OnvifError } from './errors.ts';
import { type Challenge, parseChallenges } from './http-digest.ts';
import type { ExchangeResponse } from './http-exchange.ts';
import { faultVerdict, parseSoapAnswer, type SoapAnswer, type SoapFault, timeInRefusal } from './soap.ts';
import { decodeXmlBytes, type XmlCaps, type XmlElement } from './xml.ts';

export interface Refused {
  kind: 'refused';
  why: 'refused' | 'time';
  challenges: Challenge[];
  /** Set where a SOAP fault refuses: what stands before the service has let the call pass. */
  fault?: SoapFault;
  /** The device's clock where the refusal tells it, UTC epoch ms. */
  timeMs: number | null;
}

export type Interpreted = { kind: 'answer'; element: XmlElement } | Refused;

/**
 * What an HTTP answer says: the response to `operation`, or that the credentials are refused, whatever mixture of HTTP status and fault
 * a device says it with. Errors: `OnvifError` malformed, http, fault, locked_out.
 */
export function interpretAnswer(response: ExchangeResponse, operation: string, caps: XmlCaps): Interpreted {
  const { status } = response;
  const text = decodeXmlBytes(response.body, response.contentType);
  const challenges = status === 401 ? parseChallenges(response.challenges) : [];
  let answer: SoapAnswer | null = null;
  try {
    answer = parseSoapAnswer(text, operation, caps);
  } catch (error) {
    // Error pages are no XML; their status says enough.
    if (status < 300) throw error;
  }
  if (answer?.kind === 'response') return { kind: 'answer', element: answer.element };
  if (answer?.kind === 'fault') {
    const verdict = faultVerdict(answer.fault);
    if (verdict === 'locked') throw new OnvifError('locked_out', { status, fault: answer.fault });
    if (verdict !== 'other')
      return { kind: 'refused', why: verdict, challenges, fault: answer.fault, timeMs: timeInRefusal(text) };
    if (status !== 401) throw new OnvifError('fault', { status, fault: answer.fault });
  }
  if (status === 401 || status === 403) {
    if (/lockStatus|unlockTime|\block(?:ed)?\b/i.test(text.slice(0, 4_096)))
      throw new OnvifError('locked_out', { status });
    return { kind: 'refused', why: 'refused', challenges, timeMs: null };
  }
  if (status === 423 || status === 429) throw new OnvifError('locked_out', { status });
  throw new OnvifError('http', { status, detail: `HTTP ${status}` });
}
