using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Policies;

/// <summary>All policies as of one version, and what they make of texts at one moment. Never changes, so screening reads it without a lock.</summary>
internal sealed class PolicySnapshot
{
    private static readonly ScreeningStage[] Stages = Enum.GetValues<ScreeningStage>();
    private static readonly Strictness[] Strictnesses = Enum.GetValues<Strictness>();

    private readonly IReadOnlyList<Policy> _rows;
    private readonly StagePolicy[] _stages;
    private readonly StagePolicy[] _gravestOnly;
    private readonly bool _screensEmbeddings;
    private readonly Thresholds _own;

    /// <param name="version">The newest version.</param>
    /// <param name="rows">All rows, newest first: by date, then by version.</param>
    /// <param name="embeddings">All rows about the input of embeddings, newest first.</param>
    /// <param name="own">The model's own thresholds.</param>
    /// <param name="at">The moment.</param>
    public PolicySnapshot(long version, IReadOnlyList<Policy> rows, IReadOnlyList<EmbeddingPolicy> embeddings, Thresholds own, DateTimeOffset at)
    {
        (Version, AsOf, _rows, Embeddings, _own) = (version, at, rows, embeddings, own);
        NextChange = rows.Select(row => row.EffectiveFrom).Concat(embeddings.Select(row => row.EffectiveFrom)).Where(from => from > at).Min();
        _screensEmbeddings = EmbeddingsAt(at).Screened;
        _stages =
        [
            .. Stages.SelectMany(_ => Strictnesses, (stage, strictness) => new StagePolicy(version, strictness, own, [.. Categories.All.Select(category => InForce(category, stage, at))])),
        ];
        _gravestOnly = [.. Strictnesses.Select(strictness => For(ScreeningStage.Prompt, strictness).OfGravestOnly())];
    }

    /// <summary>What applies when nobody has decided anything, or the database could not be asked yet.</summary>
    public static PolicySnapshot BuiltIn(Thresholds own) => new(0, [], [], own, DateTimeOffset.UnixEpoch);

    /// <summary>The newest version there is; 0 before the first.</summary>
    public long Version { get; }

    /// <summary>The moment that it is of.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>When the next row begins; null when none is waiting.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>All rows about the input of embeddings, newest first.</summary>
    public IReadOnlyList<EmbeddingPolicy> Embeddings { get; }

    /// <summary>What applies to a screening.</summary>
    public StagePolicy For(Screening screening) =>
        screening.ForEmbeddings && !_screensEmbeddings ? _gravestOnly[(int)screening.Strictness] : For(screening.Stage, screening.Strictness);

    /// <summary>What applies at a stage to the texts of a plan.</summary>
    public StagePolicy For(ScreeningStage stage, Strictness strictness) => _stages[((int)stage * Strictnesses.Length) + (int)strictness];

    /// <summary>The policy in force at a time.</summary>
    public Policy InForce(string category, ScreeningStage stage, DateTimeOffset at) =>
        _rows.FirstOrDefault(row => row.Category == category && row.Stage == stage && row.EffectiveFrom <= at) ?? Policy.BuiltIn(category, stage);

    /// <summary>Whether the input of embeddings is screened at a time.</summary>
    public EmbeddingPolicy EmbeddingsAt(DateTimeOffset at) => Embeddings.FirstOrDefault(row => row.EffectiveFrom <= at) ?? EmbeddingPolicy.BuiltIn;

    /// <summary>Every row of a category and stage there ever was, newest first.</summary>
    public IEnumerable<Policy> HistoryOf(string category, ScreeningStage stage) => _rows.Where(row => row.Category == category && row.Stage == stage);

    /// <summary>A moment of our clock; where that is behind the database's, the moment that the rows were read of.</summary>
    public DateTimeOffset NotBehind(DateTimeOffset now) => now > AsOf ? now : AsOf;

    /// <summary>The same rows at another moment.</summary>
    public PolicySnapshot At(DateTimeOffset moment) => new(Version, _rows, Embeddings, _own, moment);
}
