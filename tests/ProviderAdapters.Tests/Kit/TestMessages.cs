using System.Text;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>Calls as clients of Anthropic make them.</summary>
internal static class TestMessages
{
    public const string Path = "/internal/messages";

    /// <summary>One user message, "Hello, world!".</summary>
    public static TestCall Of(TestModel model, bool stream, string members = "\"max_tokens\":1000") =>
        TestCall.With(model, stream, $$"""{{members}},"messages":[{"role":"user","content":"Hello, world!"}]""") with { Path = Path };

    /// <summary>The neutral call that a body means.</summary>
    public static ChatRequest Read(string body) => MessagesReader.Read(Encoding.UTF8.GetBytes(body));

    public static AnthropicMessages Call(string body)
    {
        var call = new MessagesDialect().Read(Encoding.UTF8.GetBytes(body), new HeaderDictionary(), out var fault);
        Assert.Null(fault);
        return (AnthropicMessages)call!;
    }

    /// <summary>Our own count of a call's prompt at a provider of this family.</summary>
    public static int CountPrompt(Family family, TestCall call) => Call(call.Body).CountPrompt(family.Provider, family.UpstreamPrefix)!.Value;
}
