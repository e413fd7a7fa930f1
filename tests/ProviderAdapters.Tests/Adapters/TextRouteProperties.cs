using System.Buffers;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Tests.Adapters;

/// <summary>The two old text routes under random input.</summary>
public sealed class TextRouteProperties
{
    private static readonly CompletionModels Completing = new(Options.Create(new OpenAiOptions()));

    private static Gen<string> Prompts =>
        from pieces in Gen.Elements("\n\nHuman:", "\n\nAssistant:", "\n\n", "\n", "Human:", " ", "hello", "\ud800", "人", "").ListOf()
        select string.Concat(pieces);

    private static Gen<string[]> Texts => from texts in Gen.Elements(" a", "b ", "\n", "人工", "\"q\"", "\\", "<b>", "").ListOf() select texts.ToArray();

    [Fact]
    public void No_text_of_a_prompt_is_lost() => Check(Prompts, 2_000, prompt =>
    {
        var human = prompt.IndexOf(HumanTurns.Human, StringComparison.Ordinal);
        var assistant = prompt.IndexOf(HumanTurns.Assistant, StringComparison.Ordinal);
        var isConversation = human >= 0 && assistant > human && prompt.LastIndexOf(HumanTurns.Assistant, StringComparison.Ordinal) > prompt.LastIndexOf(HumanTurns.Human, StringComparison.Ordinal);

        var said = HumanTurns.Read(prompt);

        Assert.Equal(isConversation, said is not null);
        if (said is not null) Assert.Equal(prompt, said.System + string.Concat(said.Turns.Select(turn => (turn.IsHuman ? HumanTurns.Human : HumanTurns.Assistant) + turn.Text)));
    });

    [Fact]
    public void Any_body_becomes_a_chat_or_is_refused_by_a_member() => Check(
        Gen.OneOf(from json in WireSamples.Json(4) select Encoding.UTF8.GetBytes(json), WireSamples.Replaced(Bodies), WireSamples.Damaged(Bodies)),
        2_000,
        body =>
        {
            foreach (var dialect in new IClientDialect[] { new CompletionDialect(Completing), new CompleteDialect() })
            {
                if (dialect.Read(body, new HeaderDictionary(), out var faulty) is not ClientChat call)
                {
                    Assert.NotNull(faulty);
                    continue;
                }

                call.CountPrompt("openai", "davinci-002");
                try
                {
                    using var written = JsonDocument.Parse(call.InOpenAi.Body);
                    Assert.Equal(JsonValueKind.Array, written.RootElement.GetProperty("messages").ValueKind);
                }
                catch (UntranslatableException refused)
                {
                    Assert.NotEmpty(call.NameOf(refused.Param));
                }
            }
        });

    [Fact]
    public void What_streams_is_what_a_plain_answer_says() => Check(Texts, 500, texts =>
    {
        foreach (var (newWriter, read) in Writers())
        {
            var streamed = new ArrayBufferWriter<byte>();
            var (reader, writer) = (new ChatAnswerReader(), newWriter());
            foreach (var text in texts) Feed(reader, writer, streamed, text, null);
            Feed(reader, writer, streamed, "", "stop");
            writer.WriteEnd(streamed, new TokenCounts(1, 2), isClaimed: true);

            var whole = new ChatAnswerReader();
            Assert.True(whole.TryReadPlain(JsonSerializer.SerializeToUtf8Bytes(new { choices = new[] { new { index = 0, message = new { content = string.Concat(texts) }, finish_reason = "stop" } } })));
            var plain = newWriter().Completion(default, whole, new TokenCounts(1, 2));

            Assert.Equal(read([JsonDocument.Parse(plain).RootElement]), read(Events(streamed.WrittenSpan)));
        }
    });

    private static string[] Bodies =>
    [
        """{"model":"gpt-4o","prompt":"hi","max_tokens":9,"n":2,"stop":["x"],"stream":true,"seed":7,"logit_bias":{"1":2},"user":"u"}""",
        """{"prompt":[[9906,11],[1917]],"model":"davinci-002","best_of":2,"echo":true,"suffix":"s","logprobs":1}""",
        """{"model":"claude-2","prompt":"Be brief.\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:","max_tokens_to_sample":9,"stop_sequences":["x"],"metadata":{"user_id":"u"},"stream":true,"top_k":5}""",
    ];

    /// <summary>The writers, each with the way to put its answer together.</summary>
    private static (Func<IAnswerWriter> New, Func<JsonElement[], string?> Read)[] Writers() =>
    [
        (() => new TranslatedTexts(Head, includeUsage: false), parts => string.Concat(parts.Select(part => part.GetProperty("choices")[0].GetProperty("text").GetString()))),
        (() => new CompletionFrames(Head, isCumulative: false, beginsWithSpace: true), parts => string.Concat(parts.Select(part => part.GetProperty("completion").GetString()))),
        (() => new CompletionFrames(Head, isCumulative: true, beginsWithSpace: false), parts => parts[^1].GetProperty("completion").GetString()),
    ];

    private static AnswerHead Head() => AnswerHead.New("m", DateTimeOffset.UnixEpoch);

    private static void Feed(ChatAnswerReader reader, IAnswerWriter writer, ArrayBufferWriter<byte> output, string text, string? finish)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(new { choices = new[] { new { index = 0, delta = new { content = text }, finish_reason = finish } } });
        Assert.True(reader.TryReadEvent(data));
        writer.WriteEvent(output, data, reader);
    }

    private static JsonElement[] Events(ReadOnlySpan<byte> stream) =>
    [
        .. Encoding.UTF8.GetString(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(frame => !frame.StartsWith("event: ping", StringComparison.Ordinal))
            .Select(frame => frame[(frame.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).Where(data => data != "[DONE]").Select(data => JsonDocument.Parse(data).RootElement),
    ];

    private static void Check<T>(Gen<T> cases, int count, Action<T> check) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(Arb.From(cases), check));
}
