using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.Anthropic;

namespace Aigc2d.ProviderAdapters.Questions;

/// <summary>Something that providers answer for nothing: what is in a text, how many tokens a prompt has. Its bytes pass through, but for the model's name.</summary>
/// <param name="kind">What is asked.</param>
/// <param name="body">The client's own bytes.</param>
/// <param name="edits">Where the model's name goes.</param>
internal sealed class FreeQuestion(QuestionKind kind, ReadOnlyMemory<byte> body, RequestEdits edits) : ClientCall(body)
{
    public override string Kind => kind.Name;

    /// <summary>Where it is asked, behind the provider's address and version.</summary>
    public string Route => kind.Route;

    /// <summary>What a client of Anthropic says beside its body.</summary>
    public required AnthropicHeaders Headers { get; init; }

    /// <summary>The question as the upstream gets it, in pieces that are written one after the other.</summary>
    public List<ReadOnlyMemory<byte>> Apply(string upstreamModel) => edits.Apply(Body, upstreamModel);

    public override int? CountPrompt(string? provider, string model) => null;

    /// <summary>Null when the body is not a JSON object.</summary>
    public static FreeQuestion? Read(QuestionKind kind, ReadOnlyMemory<byte> body, IHeaderDictionary headers)
    {
        var edits = new RequestEdits();
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var hasModel = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isModel = reader.ValueTextEquals("model"u8);
                reader.Read();
                if (isModel && !hasModel)
                {
                    edits.Add(RequestEdit.Replace(reader, null));
                    hasModel = true;
                }

                reader.Skip();
            }

            // Without a name the provider's own default is meant, which is the one that the channel lists.
            return reader.Read() ? null : new FreeQuestion(kind, body, edits) { Headers = AnthropicHeaders.Read(headers) };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
