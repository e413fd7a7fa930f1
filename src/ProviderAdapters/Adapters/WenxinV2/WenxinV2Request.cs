using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>The client's own bytes for the second generation: it knows no developer role, no probabilities and no more than one answer to a call.</summary>
internal static class WenxinV2Request
{
    private static readonly byte[] SystemRole = "\"system\""u8.ToArray();

    /// <exception cref="UntranslatableException">The call asks for several answers or for probabilities.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Translate(OpenAiChat chat, string upstreamModel)
    {
        var roles = DeveloperRoles(chat.Body.Span);
        if (roles.Count == 0) return chat.Shape.Apply(chat.Body, upstreamModel);

        var edits = new JsonEdits();
        foreach (var (start, end) in roles) edits.Add(start, end, SystemRole);
        ReadOnlyMemory<byte> body = edits.Apply(chat.Body.Span);
        return ChatRequestShape.Read(body.Span, out _)!.Apply(body, upstreamModel);
    }

    /// <summary>Where the role is the developer's.</summary>
    private static List<(int Start, int End)> DeveloperRoles(ReadOnlySpan<byte> body)
    {
        var roles = new List<(int, int)>();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("messages"u8)) ReadMessages(ref reader, roles);
            else if (reader.ValueTextEquals("n"u8)) RefuseSeveral(ref reader);
            else if (reader.ValueTextEquals("logprobs"u8)) RefuseProbabilities(ref reader);
            else reader.Skip();
        }

        return roles;
    }

    private static void ReadMessages(ref Utf8JsonReader reader, List<(int Start, int End)> roles)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = reader.ValueTextEquals("role"u8);
                reader.Read();
                if (isRole && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("developer"u8))
                {
                    roles.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                }

                reader.Skip();
            }
        }
    }

    private static void RefuseSeveral(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var n) && n == 1)) return;
        throw new UntranslatableException("n", "must be 1: this model gives one answer to a call. Send the call several times instead.");
    }

    private static void RefuseProbabilities(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
        {
            throw new UntranslatableException("logprobs", "must be false: this model does not tell probabilities. Leave it out, or call another model.");
        }
    }
}
