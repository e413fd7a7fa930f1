using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>What Baidu's embedding models take, v1 and v2 alike: few and short texts, no token ids. The asked size and encoding are nobody's concern: there is one of each.</summary>
public static class ErnieInputs
{
    private const int MaxTexts = 16;
    private const int MaxTokens = 384;
    private const int MaxCharacters = 1_000;
    private const int MaxTokensOfTheLongOne = 8_192;

    /// <exception cref="RequestRefusedException">A limit is broken; the message says which.</exception>
    public static TextInput[] Read(JsonElement body, string model, bool takesOneText)
    {
        var isLong = model is "tao_8k" or "tao-8k";
        var (maxTexts, maxTokens) = isLong ? (1, MaxTokensOfTheLongOne) : (MaxTexts, MaxTokens);
        var input = body.Find("input") ?? default;
        JsonElement[] items = input.ValueKind switch
        {
            JsonValueKind.Array => [.. input.EnumerateArray()],
            JsonValueKind.String when takesOneText => [input],
            _ => [],
        };
        if (items.Length == 0 || items.Length > maxTexts || items.Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw new RequestRefusedException($"input must be a list of 1 to {maxTexts} strings");
        }

        TextInput[] inputs = [.. items.Select(item => TextInput.Of(item.GetString()!))];
        if (inputs.Any(text => text.Text.Length == 0)) throw new RequestRefusedException("a string of input can not be empty");
        if (!isLong && inputs.Any(text => text.Text.Length > MaxCharacters)) throw new RequestRefusedException($"a string of input has at most {MaxCharacters} characters");
        return inputs.All(text => text.Tokens <= maxTokens) ? inputs : throw new RequestRefusedException($"embeddings max tokens per string is {maxTokens}");
    }

    /// <summary>The model's own number of dimensions; who deploys a model of their own gets the most usual one.</summary>
    public static int SizeOf(string model) => model == "embedding-v1" ? SandboxVector.SizeOf(model) : 1_024;
}
