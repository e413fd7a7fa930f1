namespace Aigc2d.Sandbox.Replies;

/// <summary>A vector of length one that depends on the text alone, so that the same text is always found again.</summary>
public static class SandboxVector
{
    /// <summary>The model's own number of dimensions.</summary>
    public static int SizeOf(string model) => model switch
    {
        "embedding-v1" => 384,
        "bge_large_zh" or "bge_large_en" or "bge-large-zh" or "bge-large-en" or "tao_8k" or "tao-8k" => 1_024,
        _ => model.Contains("3-large", StringComparison.Ordinal) ? 3_072 : 1_536,
    };

    public static float[] Of(string text, int dimensions)
    {
        var state = 14_695_981_039_346_656_037UL;
        foreach (var character in text) state = (state ^ character) * 1_099_511_628_211UL;
        var numbers = new double[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            state = (state * 6_364_136_223_846_793_005UL) + 1_442_695_040_888_963_407UL;
            numbers[i] = ((state >> 40) / (double)(1 << 23)) - 1;
        }

        var length = Math.Sqrt(numbers.Sum(number => number * number));
        return [.. numbers.Select(number => (float)(number / length))];
    }
}
