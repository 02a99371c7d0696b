import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { diagnose, validate } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, errorsOf, guest } from './grammars.ts';

interface Mistake {
  readonly name: string;
  readonly text: string;
  readonly messages: readonly string[];
  /** What the preferred fix makes of it; undefined when there is none. */
  readonly fixed?: string;
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a misspelt element',
    text: body('  <devces/>'),
    messages: ['<guest> may not contain <devces>: did you mean <devices>?'],
    fixed: body('  <devices/>'),
  },
  {
    name: 'a start tag that is misspelt alone, which is one mistake',
    text: body('  <memxry>1</memory>'),
    messages: ['<guest> may not contain <memxry>: did you mean <memory>?'],
    fixed: body('  <memory>1</memory>'),
  },
  {
    name: 'a start tag whose end tag tells what it is',
    text: body('  <m>1</memory>'),
    messages: ['<guest> may not contain <m>: did you mean <memory>?'],
    fixed: body('  <memory>1</memory>'),
  },
  {
    name: 'an element that is nowhere',
    text: body('  <qwertz/>'),
    messages: ['<guest> may not contain <qwertz>.'],
    fixed: "<guest type='kvm'>\n  <name>g</name>\n</guest>\n",
  },
  {
    name: 'an element that is there twice',
    text: body('  <memory>1</memory>\n  <memory>1</memory>'),
    messages: ['<guest> may not contain another <memory> here.'],
    fixed: body('  <memory>1</memory>'),
  },
  {
    name: 'of two of a kind the one that is wrong inside, which may be meant as another',
    text: body("  <devices type='x'/>\n  <devices/>"),
    messages: ['<guest> may not contain another <devices> here.'],
  },
  {
    name: 'one of two that is just what is missing',
    text: "<guest type='kvm'>\n  <memory>g</memory>\n  <memory>1</memory>\n</guest>\n",
    messages: ['<guest> may not contain <memory> here: did you mean <name>?'],
    fixed: "<guest type='kvm'>\n  <name>g</name>\n  <memory>1</memory>\n</guest>\n",
  },
  {
    name: 'a misspelt attribute',
    text: body("  <devices><sound modle='ich9'/></devices>"),
    messages: ['<sound> may not have the attribute “modle”: did you mean “model”?'],
    fixed: body("  <devices><sound model='ich9'/></devices>"),
  },
  {
    name: 'a value that is none of a list',
    text: body("  <devices><sound model='ich'/></devices>"),
    messages: ['“ich” is not a valid value for “model” of <sound>: did you mean “ich9”?'],
    fixed: body("  <devices><sound model='ich9'/></devices>"),
  },
  {
    name: 'a text that is no number',
    text: body('  <memory>much</memory>'),
    messages: ['“much” is not a valid value for <memory>: expected a whole number from 0 to 4294967295.'],
  },
  {
    name: 'a missing attribute',
    text: body('  <devices><sound/></devices>'),
    messages: ['<sound> needs the attribute “model”.'],
    fixed: body("  <devices><sound model='ich9'/></devices>"),
  },
  {
    name: 'a missing element goes where it may stand',
    text: body("  <os>\n    <boot dev='hd'/>\n  </os>"),
    messages: ['<os> needs <loader> before <boot>.'],
    fixed: body("  <os>\n    <loader/>\n    <boot dev='hd'/>\n  </os>"),
  },
  {
    name: 'text where there can be none',
    text: body('  <devices>\n    text\n  </devices>'),
    messages: ['<devices> may not contain text.'],
  },
  {
    name: 'several mistakes at once',
    text: body("  <memry>1</memry>\n  <devices><disk devise='disk'><target/></disk></devices>"),
    messages: [
      '<guest> may not contain <memry>: did you mean <memory>?',
      '<disk> may not have the attribute “devise”: did you mean “device”?',
      '<target> needs the attribute “dev”.',
    ],
  },
  {
    name: 'another document',
    text: '<gest/>',
    messages: ['The document must be <guest>, not <gest>.'],
    fixed: '<guest/>',
  },
  {
    name: 'an element without end',
    text: body('  <os>\n    <loader/>'),
    messages: ['<os> is not closed.'],
  },
  {
    name: 'a stranger around what is needed, which stays when the stranger goes',
    text: "<guest type='kvm'>\n  <wrap><name>g</name></wrap>\n</guest>\n",
    messages: ['<guest> may not contain <wrap>: <name> belongs directly in <guest>.'],
    fixed: body('').replace('\n\n', '\n'),
  },
  {
    name: 'what is needed one level further in, as one mistake',
    text: body(
      "  <devices>\n    <disk>\n      <readonly/>\n    </disk>\n    <target dev='a'/>\n  </devices>",
    ),
    messages: ['<target> belongs in <disk>, not in <devices>.'],
    fixed: body(
      "  <devices>\n    <disk>\n      <readonly/>\n      <target dev='a'/>\n    </disk>\n  </devices>",
    ),
  },
  {
    name: 'what has to stand before something else',
    text: body("  <os>\n    <boot dev='hd'/>\n    <loader/>\n  </os>"),
    messages: ['<loader> must come before <boot> in <os>.'],
    fixed: body("  <os>\n    <loader/>\n    <boot dev='hd'/>\n  </os>"),
  },
  {
    name: 'an element inside one of its own',
    text: body('  <memory><memory>1</memory></memory>'),
    messages: ['<memory> may not be inside another <memory>.'],
    fixed: body('  <memory>1</memory>'),
  },
  {
    name: 'of two of a kind the one that says nothing',
    text: body('  <os/>\n  <os>\n    <loader/>\n  </os>').replace(
      '<os/>',
      "<devices/>\n  <devices><sound model='ac97'/></devices>",
    ),
    messages: ['<guest> may not contain another <devices> here.'],
    fixed: body("  <devices><sound model='ac97'/></devices>\n  <os>\n    <loader/>\n  </os>"),
  },
  {
    name: 'of two of a kind the one that is far from where such a thing stands',
    text: "<guest type='kvm'>\n  <devices><disk><target dev='a'/></disk></devices>\n  <name>g</name>\n  <memory>1</memory>\n  <devices><disk><target dev='a'/></disk></devices>\n</guest>\n",
    messages: ['<guest> may not contain another <devices> here.'],
    fixed: body("  <memory>1</memory>\n  <devices><disk><target dev='a'/></disk></devices>"),
  },
  {
    name: 'a name that is allowed, on what is just what is missing',
    text: body("  <devices><disk><source dev='a' bus='sata'/></disk></devices>"),
    messages: ['<disk> may not contain <source> here: did you mean <target>?'],
    fixed: body("  <devices><disk><target dev='a' bus='sata'/></disk></devices>"),
  },
  {
    name: 'an attribute that its value tells',
    text: "<guest type='kvm'>\n  <name>g</name>\n  <devices><disk boot='cdrom'><target dev='a'/></disk></devices>\n</guest>\n",
    messages: ['<disk> may not have the attribute “boot”.'],
  },
  {
    name: 'a name that nobody would read to its end',
    text: body(`  <${'x'.repeat(500)}/>`),
    messages: [`<guest> may not contain <${'x'.repeat(59)}…>.`],
  },
  {
    name: 'an empty value',
    text: body("  <devices><sound model=''/></devices>"),
    messages: ['“model” of <sound> is empty: expected “ich9” or “ac97”.'],
  },
  {
    name: 'white space that is no part of a value',
    text: "<guest type='kvm'>\n  <name>\n    g\n  </name>\n</guest>\n",
    messages: ['The value of <name> has white space around it.'],
    fixed: body('').replace('\n\n', '\n'),
  },
  {
    name: 'white space only because of what should not be inside',
    text: "<guest type='kvm'>\n  <name>\n    <b/>g</name>\n</guest>\n",
    messages: ['<name> may not contain <b>.'],
  },
  {
    name: 'text that breaks off, which is one mistake',
    text: "<guest type='kvm'>\n  <name>g</name>\n  <devices>\n    <disk>\n      <target dev='a'/>",
    messages: ['<disk> and the <devices> around it are not closed: the document ends before their end tags.'],
  },
  {
    name: 'a tag that breaks off in a name, a value or an end tag',
    text: "<guest type='kvm'>\n  <name>g</name>\n  <devices>\n    <disk dev",
    messages: ['The attribute “dev” has no value.'],
  },
  {
    name: 'a value of several lines without its end',
    text: body('  <os>\n    <loader>\n  </os>'),
    messages: ['<loader> is not closed.'],
  },
  {
    name: 'an ampersand',
    text: body('  <memory>1</memory>').replace('>g<', '>a & b<'),
    messages: ['Write “&amp;” for a “&” that starts no entity.'],
    fixed: body('  <memory>1</memory>').replace('>g<', '>a &amp; b<'),
  },
  {
    name: 'an attribute that is there twice',
    text: body("  <devices><sound model='ich9' model='ac97'/></devices>"),
    messages: ['The attribute “model” is given twice.'],
    fixed: body("  <devices><sound model='ich9'/></devices>"),
  },
  {
    name: 'a value without quotes',
    text: body('  <devices><sound model=ich9/></devices>'),
    messages: ['The value of “model” needs quotes.'],
    fixed: body("  <devices><sound model='ich9'/></devices>"),
  },
  {
    name: 'a value without its closing quote',
    text: body("  <devices>\n    <sound model='ich9/>\n  </devices>"),
    messages: ['The value of “model” has no closing single quote.'],
    fixed: body("  <devices>\n    <sound model='ich9'/>\n  </devices>"),
  },
  {
    name: 'an end tag too many',
    text: body('  <memory>1</memory>\n    </os>'),
    messages: ['</os> closes nothing.'],
  },
];

suite('Diagnosing', () => {
  for (const { name, text, messages, fixed } of MISTAKES)
    test(name, () => {
      const analysis = new Analysis(parseDocument(text), guest);
      const found = diagnose(analysis);
      assert.deepEqual(
        found.map(({ message }) => message),
        messages,
      );
      if (fixed === undefined || found[0] === undefined) return;
      const fix = fixesFor(analysis, found[0]).find(({ preferred }) => preferred);
      assert.ok(fix);
      assert.equal(applyEdits(text, fix.edits), fixed);
    });

  test('points at exactly what is wrong', () => {
    const text = body("  <devices><sound model='ich' x='1'/></devices>");
    const cut = errorsOf(guest, text).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(cut, ['ich', 'x']);
  });

  test('hints at an order that libvirt itself refuses, which is no error', () => {
    const text = '<domain><name>a</name><memory/><uuid/></domain>';
    const hints = validate(parseDocument(text), guest).filter(({ severity }) => severity === 'hint');
    assert.deepEqual(
      hints.map(({ code }) => code),
      ['element-order'],
    );
  });
});
