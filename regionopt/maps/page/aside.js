// Sentences on parts that not every result has, said after the facts of every plan. Only such a page has this file.

const { groups: received, targets: asked } = data.asides;

// With one decimal, a half to the even digit: as the terminal writes it.
const percent = (part) => `${(Math.abs((100 * part) % 1) === 0.25 ? 100 * part - 0.01 : 100 * part).toFixed(1)}%`;

function sharesSentence() {
  const shares = received.map((group, row) => `${isolated(named(group))} ${percent(plan().groups[row])}`);
  return filled("aside_groups", { groups: shares.join(text("list_separator")) });
}

const growthSentences = () =>
  asked.flatMap(({ mean, target }, row) => {
    if (!mean) return [];
    const reached = percent(plan().others[row].reached);
    return [filled("aside_mean_growth", { metric: text(mean), reached, asked: percent(target) })];
  });

function targetsSentence() {
  const short = plan().others.filter(({ met }) => !met);
  const largest = percent(Math.max(0, ...short.map(({ shortfall }) => shortfall)));
  const facts = { count: asked.length, met: asked.length - short.length, largest };
  return filled(short.length ? "aside_targets_short" : "aside_targets_met", facts);
}

const factsOfAll = factSentences;
factSentences = (...given) => [
  ...factsOfAll(...given), ...named(data.asides.before), ...(received.length ? [sharesSentence()] : []), ...named(data.asides.after),
  ...growthSentences(), ...(asked.length ? [targetsSentence()] : []),
];

const shortfallOfRegions = shortfallSentence;
shortfallSentence = () => {
  const said = shortfallOfRegions();
  return said === text("worst_none") && !plan().others.every(({ met }) => met) ? text("aside_regional_met") : said;
};

// Of the numbers at another budget, those that come after the regions': money of groups, what targets are measured by.
function asidesAt(numbers, at) {
  const measured = numbers.slice(received.length);
  return {
    groups: received.map((_, row) => tidy(numbers[row] / at, 9)),
    others: asked.map(({ target }, row) => {
      const short = Math.max(0, 1 - measured[row] / target);
      return { reached: tidy(measured[row], 6), shortfall: tidy(short, 9), met: short <= data.asides.met };
    }),
  };
}
