import { describe, expect, test } from 'vitest';
import { networkOf } from '../../src/graphql/server/networks.ts';

test.each(['192.0.2.7', '127.0.0.1', '255.255.255.255'])('the IPv4 address %s is a network by itself', (address) => {
  expect(networkOf(address)).toBe(address);
});

test.each([
  ['2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff'],
  ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001'],
  ['2001:DB8::A', '2001:db8::b'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:db8:1:2::192.0.2.1', '2001:db8:1:2::1'],
  ['::1', '::'],
])('%s and %s, of one /64, are one place', (one, other) => {
  expect(networkOf(other)).toBe(networkOf(one));
  expect(networkOf(one)).toMatch(/::\/64$/);
});

test.each([
  ['2001:db8:0:1::1', '2001:db8:0:2::1'],
  ['2001:db8::1', '2001:db8:0:1::1'],
  ['1::', '::1'],
  ['1:2::', '1::2:0:0:0:0'],
])('%s and %s, of different /64s, are two places', (one, other) => {
  expect(networkOf(other)).not.toBe(networkOf(one));
});

describe('an IPv4 address within IPv6', () => {
  test.each([
    '::ffff:192.0.2.7',
    '::FFFF:192.0.2.7',
    '0:0:0:0:0:ffff:192.0.2.7',
    '::ffff:c000:207',
    '0000:0000:0000:0000:0000:ffff:c000:0207',
  ])('is the same place when it is written %s', (address) => {
    expect(networkOf(address)).toBe('192.0.2.7');
  });
});

test.each(['', 'unknown', 'example.com'])('"%s", which is no address, is taken as it is', (address) => {
  expect(networkOf(address)).toBe(address);
});
