using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>The buffers of one screening at a time. Long texts are read in overlapping pieces, so memory does not grow with them.</summary>
internal sealed class Desk(RuleSet rules, ScreeningModel? model = null)
{
    // Twice what a rule can reach, so that every match lies well inside one piece together with what may excuse it.
    private const int Overlap = 4_096;

    private readonly RuleScan _scan = new(rules);
    private readonly Classifier? _classifier = model is null ? null : new Classifier(model, rules);
    private readonly EncodedReading _encoded = new();
    private readonly Conversation _conversation = new();
    private readonly List<RuleHit> _hits = [];
    private readonly HashSet<(int Rule, int Text)> _known = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>What the classifier thinks of the texts, each by itself.</summary>
    public Opinions Opinions { get; } = new();

    /// <summary>Elementary steps taken so far.</summary>
    public long Work => _scan.Work + _encoded.Work + (_classifier?.Work ?? 0);

    /// <summary>Judges one text: as it is, and with its encoded parts decoded.</summary>
    public void Read(string text, int index, RuleStages stage)
    {
        Scan(text, stage, new Single(this, index, []));
        if (_encoded.Read(text)) Scan(_encoded.Chars, stage, new Single(this, index, _encoded.Origins));
    }

    /// <summary>Judges what neighbouring texts say together. Only matches that cross from one text into another count.</summary>
    public void ReadTogether(IReadOnlyList<string> texts, RuleStages stage)
    {
        foreach (var glue in (ReadOnlySpan<string>)["\n", ""])
        {
            _conversation.Begin(texts, glue);
            while (_conversation.Next()) Scan(_conversation.Chars, stage, new Several(this));
        }
    }

    public void Clear()
    {
        Findings.Clear();
        Opinions.Clear();
        _hits.Clear();
        _known.Clear();
        _encoded.Release();
    }

    private void Scan<TKeeper>(ReadOnlySpan<char> text, RuleStages stage, TKeeper keeper)
        where TKeeper : IKeeper, allows ref struct
    {
        if (text.IsEmpty) return;
        var fold = new TextFold(text);
        var folded = _scan.Folded;
        folded.Clear();
        for (var first = true; ; first = false)
        {
            fold.Fill(folded);
            _hits.Clear();
            _scan.Run(stage, _hits);
            if (_classifier is not null) keeper.Judge(_classifier, stage);
            var from = first ? 0 : Overlap / 2;
            var to = fold.AtEnd ? folded.Length : folded.Length - Overlap / 2;
            foreach (var hit in _hits)
            {
                if (hit.Place.End <= from || hit.Place.End > to) continue;
                var start = folded.OriginOf(hit.Place.Start);
                var end = hit.Place.End < folded.Length ? folded.OriginOf(hit.Place.End) : fold.Position;
                keeper.Keep(hit.Rule, start, Math.Max(end, start + 1));
            }

            if (fold.AtEnd) return;
            folded.KeepLast(Overlap);
        }
    }

    private void Add(CompiledRule rule, int text, int start, int end)
    {
        if (_known.Add((rule.Index, text))) Findings.Add(new Finding(rule, text, start, end));
    }

    /// <summary>Takes the hits of a scan, in places of the scanned text.</summary>
    private interface IKeeper
    {
        void Keep(CompiledRule rule, int start, int end);

        void Judge(Classifier classifier, RuleStages stage);
    }

    private readonly ref struct Single(Desk desk, int index, ReadOnlySpan<int> origins) : IKeeper
    {
        private readonly ReadOnlySpan<int> _origins = origins;

        public void Keep(CompiledRule rule, int start, int end)
        {
            if (_origins.IsEmpty) desk.Add(rule, index, start, end);
            else desk.Add(rule, index, _origins[start], _origins[end - 1] + 1);
        }

        public void Judge(Classifier classifier, RuleStages stage)
        {
            var piece = desk._scan.Folded;
            classifier.Judge(piece, desk._scan.Terms, stage);
            foreach (var language in (ReadOnlySpan<Language>)[Language.English, Language.Chinese])
            {
                for (var head = 0; head < Heads.Count; head++)
                {
                    var opinion = classifier.Opinions.Of(language, head);
                    if (float.IsNegativeInfinity(opinion.LogOdds)) continue;
                    var (start, end) = (piece.OriginOf(opinion.Start), piece.OriginOf(opinion.End - 1) + 1);
                    if (!_origins.IsEmpty) (start, end) = (_origins[start], _origins[end - 1] + 1);
                    desk.Opinions.Keep(language, head, opinion with { Text = index, Start = start, End = end });
                }
            }
        }
    }

    private readonly struct Several(Desk desk) : IKeeper
    {
        public void Keep(CompiledRule rule, int start, int end)
        {
            if (desk._conversation.TryPlace(start, end, out var text, out var from, out var to)) desk.Add(rule, text, from, to);
        }

        // The classifier judges each text by itself.
        public void Judge(Classifier classifier, RuleStages stage)
        {
        }
    }
}
