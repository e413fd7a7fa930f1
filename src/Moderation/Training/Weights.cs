using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>
/// Logistic regression of all heads at once: AdaGrad with a pull towards zero, one example after the other in an order that the seed decides. Not parallel
/// inside, so the same examples give the same weights.
/// </summary>
internal sealed class Weights
{
    public const float LexiconShare = 0.2f;

    private const int Epochs = 6;
    private const float Rate = 0.12f;
    private const float Pull = 3e-4f;
    private const float Damping = 0.01f;
    private const int Bias = Models.Lexicon.Rows;

    private readonly Vector512<float>[] _gramSquares = Squares(Models.Grams.Buckets);
    private readonly Vector512<float>[] _lexiconSquares = Squares(Models.Lexicon.Rows + 1);

    private Weights()
    {
    }

    public Vector512<float>[] Grams { get; } = new Vector512<float>[Models.Grams.Buckets];

    /// <summary>Of the rows of the lexicon, and last the biases.</summary>
    public Vector512<float>[] Lexicon { get; } = new Vector512<float>[Models.Lexicon.Rows + 1];

    public Vector512<float> Biases => Lexicon[Bias];

    public static Weights Train(IReadOnlyList<Example> examples, int seed)
    {
        var weights = new Weights();
        var order = Enumerable.Range(0, examples.Count).ToArray();
        var dice = Dice.For(seed, "order");
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            dice.Shuffle(order.AsSpan());
            foreach (var i in order) weights.Learn(examples[i]);
        }

        return weights;
    }

    /// <summary>The raw scores, one per lane.</summary>
    public Vector512<float> Score(Example example)
    {
        var grams = Vector512<float>.Zero;
        foreach (var bucket in example.Buckets) grams += Grams[bucket];
        var lexicon = Vector512<float>.Zero;
        foreach (var row in example.Rows) lexicon += Lexicon[row];
        return grams * example.Share + lexicon * LexiconShare + Biases;
    }

    private void Learn(Example example)
    {
        Span<float> errors = stackalloc float[Heads.Lanes];
        errors.Clear();
        var scores = Score(example);
        var labels = example.Sample.Labels;
        for (var head = 0; head < Heads.Count; head++)
            if (labels[head] != Labels.Unknown) errors[head] = example.Sample.Weight * (Calibration.Probability(scores[head]) - labels[head]);

        var error = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(errors));
        foreach (var bucket in example.Buckets) Step(ref Grams[bucket], ref _gramSquares[bucket], error * example.Share);
        foreach (var row in example.Rows) Step(ref Lexicon[row], ref _lexiconSquares[row], error * LexiconShare);
        Step(ref Lexicon[Bias], ref _lexiconSquares[Bias], error);
    }

    private static void Step(ref Vector512<float> weight, ref Vector512<float> squares, Vector512<float> slope)
    {
        slope += weight * Pull;
        squares += slope * slope;
        weight -= slope * Rate / Vector512.Sqrt(squares);
    }

    private static Vector512<float>[] Squares(int count)
    {
        var squares = new Vector512<float>[count];
        Array.Fill(squares, Vector512.Create(Damping));
        return squares;
    }
}
