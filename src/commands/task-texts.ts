import { pick, type Random } from './random.ts';
import { kinds, type Pattern, steps } from './task-patterns.ts';

/** What a made-up task says. */
interface TaskText {
  readonly title: string;
  readonly description: string;
}

/** Everyday life and work, in Markdown, now and then an awkward one; and in which list one would look for it. */
export function taskText(random: Random): TaskText & { readonly list: string | null } {
  const { list, pattern } = pick(random, kinds);
  return { ...fillIn(random, pattern), list };
}

/** Something that can be a part of any task. */
export function stepText(random: Random): TaskText {
  return fillIn(random, pick(random, steps));
}

function fillIn(random: Random, [title, description = '']: Pattern): TaskText {
  // One choice for each slot, so that title and description speak of the same thing.
  const chosen = new Map<string, string>();
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (slot, name: string) => {
      const word = chosen.get(slot) ?? pick(random, words[name] ?? [slot]);
      chosen.set(slot, word);
      return word;
    });
  return { title: fill(title), description: fill(description) };
}

const words: Readonly<Record<string, readonly string[]>> = {
  person:
    'Amara,Björn,Chiara,Dmitri,Elif,Farid,Grace,Hiro,Inés,Jonas,Kavya,Liam,Mei,Nadia,Oskar,Priya,Quentin,Rosa,Sefa,Tomás,Yara,Zoë'.split(
      ',',
    ),
  team: 'design,mobile,platform,sales,support,finance,legal,marketing,research,data'.split(','),
  client:
    'Alder & Co,Blue Harbour,Cedarworks,Dunmore,Elmstead,Fjordline,Granary,Halcyon,Ironbridge,Juniper Labs,Kestrel,Lumen'.split(
      ',',
    ),
  page: 'sign-up,pricing,search,checkout,settings,profile,help,billing,dashboard,onboarding,invitation,export'.split(
    ',',
  ),
  device: 'Safari,Firefox,an iPhone SE,a small Android phone,an iPad,dark mode,a slow network,a screen reader'.split(
    ',',
  ),
  month: 'January,February,March,April,May,June,July,August,September,October,November,December'.split(','),
  day: 'Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday'.split(','),
  place: 'Lisbon,Kraków,Oaxaca,Kyoto,Tromsø,Trieste,Galway,Hanoi,Porto,Ljubljana,Valparaíso,Marseille'.split(','),
  room: 'kitchen,hall,bathroom,bedroom,study,cellar,balcony,garage'.split(','),
  plant: 'tomatoes,basil,lavender,fern,lemon tree,roses,chillies,monstera,hydrangea'.split(','),
  dish: 'lentil soup,ramen,focaccia,dal,paella,pierogi,plum cake,kimchi,risotto,shakshuka'.split(','),
  book: 'The Left Hand of Darkness,Middlemarch,The Dispossessed,Invisible Cities,Beloved,Kokoro,Pedro Páramo,Austerlitz'.split(
    ',',
  ),
  part: 'tyres,brakes,chain,lights,bottom bracket,gear cable'.split(','),
  number: '2,3,4,5,6,8,10,12,15,20'.split(','),
  ticket: Array.from({ length: 80 }, (_, index) => String(1_013 + 37 * index)),
};
