using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>A call of OpenAI's <c>POST /v1/embeddings</c>.</summary>
internal sealed class OpenAiEmbeddings(ReadOnlyMemory<byte> body, EmbeddingsShape shape) : ClientCall(body)
{
    private IReadOnlyList<string>? _texts;

    public EmbeddingsShape Shape { get; } = shape;

    public override string? Kind => "embeddings";

    public override string NameOf(string member) => member == "messages" ? "input" : member;

    /// <summary>The texts to embed; none when they came as ids of tokens.</summary>
    public IReadOnlyList<string> Texts => _texts ??= Shape.TokenIds > 0 ? [] : ReadTexts(Body.Span);

    public override int? CountPrompt(string? provider, string model)
    {
        var counter = TokenCounter.For(provider, model);
        return (int)Math.Min(int.MaxValue, Shape.TokenIds + Texts.Sum(text => (long)counter.Count(text)));
    }

    private static List<string> ReadTexts(ReadOnlySpan<byte> body)
    {
        var texts = new List<string>();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isInput = reader.ValueTextEquals("input"u8);
            reader.Read();
            if (!isInput) reader.Skip();
            else if (reader.TokenType == JsonTokenType.String) texts.Add(ShownText.Read(ref reader));
            else while (reader.Read() && reader.TokenType == JsonTokenType.String) texts.Add(ShownText.Read(ref reader));
        }

        return texts;
    }
}
