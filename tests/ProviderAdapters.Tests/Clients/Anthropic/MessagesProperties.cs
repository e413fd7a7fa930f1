using System.Buffers;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Clients.Anthropic;

/// <summary>Whatever providers answer and clients send: Anthropic's clients see well-formed streams, and nothing of a conversation is lost.</summary>
public sealed class MessagesProperties
{
    private const string Body = """
        {"model":"m","max_tokens":7,"stream":true,"temperature":0.5,"stop_sequences":["a"],"metadata":{"user_id":"u"},"system":[{"type":"text","text":"s"}],"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},
        "thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"},
        "messages":[{"role":"user","content":[{"type":"text","text":"t"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},{"type":"document","title":"d","source":{"type":"text","data":"x"}}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"s"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"r"}],"is_error":true}]}]}
        """;

    private static readonly AnswerHead Head = AnswerHead.New("m", DateTimeOffset.UnixEpoch);

    private static Gen<AnswerDelta> Deltas =>
        from kind in Gen.Elements(DeltaKind.Text, DeltaKind.Thought, DeltaKind.Refusal, DeltaKind.ToolStart, DeltaKind.ToolArguments)
        from tool in Gen.Choose(0, 2)
        from text in Gen.Elements("a", "\"b\\", "世界", "\ud83d\ude00", "\n")
        from id in Gen.Elements(null, "", "call:1")
        select new AnswerDelta(0, kind, kind == DeltaKind.ToolStart ? "" : kind == DeltaKind.ToolArguments ? " " : text) { ToolIndex = tool, ToolId = id, ToolName = kind == DeltaKind.ToolStart ? $"f{tool}" : null };

    [Fact]
    public void Any_order_of_pieces_is_a_well_formed_stream_and_the_same_message_as_plain() => Check(
        from deltas in Deltas.ListOf()
        from cuts in Gen.Choose(1, 4)
        select (Deltas: deltas.ToArray(), Size: cuts),
        500,
        @case =>
        {
            // Arguments are whole JSON in the end: every tool's last piece is an object.
            var begun = @case.Deltas.Where(delta => delta.Kind == DeltaKind.ToolStart).Select(delta => delta.ToolIndex).Distinct();
            AnswerDelta[] deltas = [.. @case.Deltas, .. begun.Select(tool => new AnswerDelta(0, DeltaKind.ToolArguments, """{"a":1}""") { ToolIndex = tool })];
            var output = new ArrayBufferWriter<byte>();
            var streamed = new TranslatedEvents(() => Head, 17);
            foreach (var piece in deltas.Chunk(@case.Size)) streamed.WriteEvent(output, default, new Read([.. piece], [(0, null)]));
            streamed.WriteEvent(output, default, new Read([], [(0, "stop")]));
            streamed.WriteEnd(output, new TokenCounts(11, 9), isClaimed: true);
            var plain = new TranslatedEvents(() => Head, 17).Completion(default, new Read(deltas, [(0, "stop")]), new TokenCounts(11, 9));

            var one = MessageAnswer.OfStream(Encoding.UTF8.GetString(output.WrittenSpan));
            var other = MessageAnswer.Plain(Encoding.UTF8.GetString(plain.Span));
            Assert.Equal((true, other.StopReason, other.Tokens), (one.IsComplete, one.StopReason, one.Tokens));
            Assert.Equal(other.Blocks.Select(Describe), one.Blocks.Select(Describe));
        });

    [Fact]
    public void Any_stream_can_be_cut_at_any_place_and_is_well_formed() => Check(
        from shown in Deltas.ListOf()
        from hidden in Deltas.ListOf()
        select (Shown: shown.ToArray(), Hidden: hidden.ToArray()),
        500,
        @case =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new TranslatedEvents(() => Head, 17);
            writer.WriteEvent(output, default, new Read(@case.Shown, [(0, null)]));
            writer.Commit();
            writer.WriteEvent(new ArrayBufferWriter<byte>(), default, new Read(@case.Hidden, [(0, "stop")]));
            writer.Withdraw();
            writer.WriteFiltered(output, 0);
            writer.WriteEnd(output, new TokenCounts(11, 9), isClaimed: false);

            var message = MessageAnswer.OfStream(Encoding.UTF8.GetString(output.WrittenSpan).Replace(" ", "", StringComparison.Ordinal).Replace("event:", "event: ", StringComparison.Ordinal).Replace("data:", "data: ", StringComparison.Ordinal));
            Assert.Equal((true, "refusal"), (message.IsComplete, message.StopReason));
        });

    [Fact]
    public void Any_events_of_a_provider_are_passed_as_a_stream_that_ends() => Check(
        Gen.OneOf(Gen.Elements(WireSamples.AnthropicEvents).Select(Encoding.UTF8.GetBytes), WireSamples.Replaced(WireSamples.AnthropicEvents)).ListOf(),
        400,
        events =>
        {
            var reader = new AnthropicAnswerReader(Head, showsAll: true);
            var writer = new PassedEvents(reader, 17);
            var output = new ArrayBufferWriter<byte>();
            foreach (var data in events)
            {
                if (reader.TryReadEvent(data) && !reader.HasError) writer.WriteEvent(output, data, reader);
            }

            writer.WriteEnd(output, new TokenCounts(11, 9, Estimated: true), isClaimed: false);
            foreach (var frame in Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)) JsonDocument.Parse(frame[(frame.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).Dispose();
            Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        });

    [Fact]
    public void A_conversation_keeps_its_texts_and_calls_on_its_way_into_openais_words() => Check(
        (from role in Gen.Elements("user", "assistant")
         from texts in Gen.Elements("a", "\"b\"", "世界", "\\n", "").NonEmptyListOf()
         from calls in Gen.Choose(0, 2)
         select (Role: role, Texts: texts.ToArray(), Calls: calls)).NonEmptyListOf(),
        300,
        turns =>
        {
            var body = JsonSerializer.Serialize(new
            {
                model = "m",
                max_tokens = 1,
                messages = turns.Select(turn => new { role = turn.Role, content = turn.Texts.Select(text => (object)new { type = "text", text }).Concat(Calls(turn.Role, turn.Calls)) }),
            });

            var read = ChatRequestReader.Read(OpenAiChatRequest.Write(TestMessages.Read(body)));

            Assert.Equal(turns.Select(turn => string.Join('\n', turn.Texts)), read.Messages.Where(message => message.Role != ChatRole.Tool).Select(message => message.Text));
            Assert.Equal(
                turns.Where(turn => turn.Role == "assistant").Sum(turn => turn.Calls),
                read.Messages.SelectMany(message => message.ToolCalls).Count(call => call is { Name: "f", Arguments: """{"x":[1,"é"]}""" } or { Name: "f", Arguments: """{"x":[1,"\u00E9"]}""" }));
            Assert.Equal(
                turns.Where(turn => turn.Role == "user").Sum(turn => turn.Calls), read.Messages.Count(message => message is { Role: ChatRole.Tool, ToolCallId: "c", Text: "result" }));
        });

    [Fact]
    public void Any_body_is_read_or_refused_by_a_member() => Check(
        Gen.OneOf(from json in WireSamples.Json(4) select Encoding.UTF8.GetBytes(json), WireSamples.Replaced([Body]), WireSamples.Damaged([Body])),
        1_500,
        body =>
        {
            if (new MessagesDialect().Read(body, new HeaderDictionary(), out var fault) is not AnthropicMessages call)
            {
                Assert.NotNull(fault);
                return;
            }

            call.CountPrompt("anthropic", "claude");
            call.CountPrompt("openai", "gpt-4o");
            using var passed = JsonDocument.Parse(string.Concat(call.Shape.Apply(body, "up\"").Select(piece => Encoding.UTF8.GetString(piece.Span))));
            Assert.Equal("up\"", passed.RootElement.GetProperty("model").GetString());
            try
            {
                using var written = JsonDocument.Parse(call.InOpenAi.Body);
                Assert.Equal(JsonValueKind.Array, written.RootElement.GetProperty("messages").ValueKind);
            }
            catch (UntranslatableException refused)
            {
                Assert.NotEmpty(refused.Param);
            }
        });

    private static IEnumerable<object> Calls(string role, int count) => Enumerable.Range(0, count).Select(_ => role == "assistant"
        ? new { type = "tool_use", id = "c", name = "f", input = new { x = new object[] { 1, "é" } } }
        : (object)new { type = "tool_result", tool_use_id = "c", content = "result" });

    private static string Describe(System.Text.Json.Nodes.JsonNode? block) => (string?)block!["type"] switch
    {
        "text" => $"text {block["text"]}",
        "thinking" => $"thinking {block["thinking"]}",
        _ => $"tool {block["name"]} {block["input"]!.ToJsonString()}",
    };

    private static void Check<T>(Gen<T> cases, int count, Action<T> body) => Prop.ForAll(cases.ToArbitrary(), body).Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    /// <summary>What a reader has found.</summary>
    private sealed record Read(IReadOnlyList<AnswerDelta> Deltas, IReadOnlyList<(int Choice, string? FinishReason)> Choices) : IAnswerReader
    {
        public bool HasError => false;

        public bool IsEnd => false;

        public ClaimedUsage? Usage => null;

        public AnswerHead Head => MessagesProperties.Head;

        public bool TryReadPlain(ReadOnlySpan<byte> body) => true;

        public bool TryReadEvent(ReadOnlySpan<byte> data) => true;
    }
}
