using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Questions;

/// <summary>A kind of free question: who answers it, where, and how an answer is known.</summary>
/// <param name="Name">What its health is kept under.</param>
/// <param name="Provider">The family that answers it.</param>
/// <param name="Route">Where, behind the provider's address and version.</param>
/// <param name="AnswerMember">The member that every answer has.</param>
/// <param name="AnswerIs">What that member is.</param>
/// <param name="Dialect">What the client speaks.</param>
internal sealed record QuestionKind(string Name, string Provider, string Route, string AnswerMember, JsonValueKind AnswerIs, IClientDialect Dialect)
{
    /// <summary>What is in a text.</summary>
    public static readonly QuestionKind Moderation = new("moderations", "openai", UpstreamAddress.Moderations, "results", JsonValueKind.Array, new ChatDialect());

    /// <summary>How many tokens a prompt has.</summary>
    public static readonly QuestionKind CountTokens = new("count_tokens", "anthropic", "/messages/count_tokens", "input_tokens", JsonValueKind.Number, new MessagesDialect());

    /// <summary>Whether these bytes are an answer to such a question.</summary>
    public bool IsAnswer(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(AnswerMember, out var member) && member.ValueKind == AnswerIs;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
