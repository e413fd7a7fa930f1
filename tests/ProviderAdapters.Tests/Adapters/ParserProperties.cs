using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Streams;
using Aigc2d.ProviderAdapters.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Adapters;

/// <summary>Whatever clients and providers send: no parser fails but in the way it says, none hangs, none grows.</summary>
public sealed class ParserProperties
{
    private const int LargeBytes = 1_000_000;

    private static readonly string[] Models = ["claude-3-5-haiku", "claude-sonnet-4-5", "claude-opus-4-6", "claude-opus-5", "other"];
    private static readonly KnownModels Known = new([]);

    [Fact]
    public void Any_body_is_translated_into_json_or_refused_by_a_member() => Check(
        Gen.OneOf(from json in WireSamples.Json(4) select Encoding.UTF8.GetBytes(json), WireSamples.Replaced(WireSamples.Bodies), WireSamples.Damaged(WireSamples.Bodies)),
        1_500,
        body =>
        {
            if (ChatRequestShape.Read(body, out _) is not { } shape) return;
            var chat = new OpenAiChat(body, shape);
            foreach (var model in Models)
            {
                try
                {
                    using var written = JsonDocument.Parse(MessagesRequest.Write(chat.Request, model, Known.Find(model), body.Length));
                    Assert.Equal(JsonValueKind.Array, written.RootElement.GetProperty("messages").ValueKind);
                }
                catch (UntranslatableException refused)
                {
                    Assert.NotEmpty(refused.Param);
                }
            }
        });

    [Fact]
    public void Any_answer_is_read_or_told_to_be_garbage_and_what_is_written_of_it_is_json() => Check(
        from events in AnyEvent().ListOf() select events.ToArray(),
        400,
        events =>
        {
            foreach (var (reader, writer) in Families())
            {
                foreach (var data in events) Feed(reader, writer, data);
                foreach (var data in events) reader.TryReadPlain(data);
            }
        });

    [Fact]
    public void Any_stream_of_bytes_ends() => Check(
        from events in Gen.OneOf(AnyEvent(), WireSamples.Damaged(["event: x\r\ndata: {}\r\n\r\n", ": c\n\ndata\n", "data: [DONE]\n\n"])).ListOf()
        from between in Gen.Elements("\n\n", "\n", "\r\n\r\n", "\r", "")
        from cuts in Gen.Choose(1, 200).ListOf()
        select (Bytes: events.SelectMany(data => (byte[])[.. "data: "u8, .. data, .. Encoding.UTF8.GetBytes(between)]).ToArray(), Cuts: cuts.ToArray()),
        300,
        @case => ReadAsync(@case.Bytes, @case.Cuts).GetAwaiter().GetResult());

    [Fact]
    public void A_reader_does_not_grow_with_its_stream()
    {
        var random = AnyEvent().Sample(50, 2_000).ToArray();
        var large = WireSamples.AnthropicEvents.Concat(WireSamples.OpenAiEvents).Select(text => text.Replace("caf\\u00e9", new string('x', LargeBytes), StringComparison.Ordinal))
            .Append($$"""{"type":"content_block_delta","delta":{"partial_json":"{{new string('x', LargeBytes)}}"} }""").Select(Encoding.UTF8.GetBytes).ToArray();
        foreach (var (reader, writer) in Families())
        {
            // What a reader kept of the large events would be 300 MB and more.
            RetainedMemory.AssertAtMost(50_000_000, () =>
            {
                for (var round = 0; round < 10; round++)
                {
                    foreach (var data in random) Feed(reader, writer, data);
                }

                for (var round = 0; round < 100; round++)
                {
                    foreach (var data in large) reader.TryReadEvent(data);
                }
            });
            GC.KeepAlive(reader);
        }
    }

    [Fact]
    public void A_piece_of_text_costs_its_text_and_nothing_else()
    {
        var (reader, writer) = Families()[0];
        var output = new ArrayBufferWriter<byte>(1024);
        var piece = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" sandbox"}}"""u8.ToArray();
        for (var i = 0; i < 2_000; i++) Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Write();
        var bytesPerPiece = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0;

        // A string of eight characters.
        Assert.Equal(40, bytesPerPiece);

        void Write()
        {
            Assert.True(reader.TryReadEvent(piece));
            writer.WriteEvent(output, piece, reader);
            output.ResetWrittenCount();
        }
    }

    private static Gen<byte[]> AnyEvent()
    {
        string[] all = [.. WireSamples.AnthropicEvents, .. WireSamples.OpenAiEvents];
        return Gen.OneOf(Gen.Elements(all).Select(Encoding.UTF8.GetBytes), WireSamples.Replaced(all), WireSamples.Damaged(all), WireSamples.Json(3).Select(Encoding.UTF8.GetBytes));
    }

    private static (IAnswerReader Reader, IAnswerWriter Writer)[] Families()
    {
        var anthropic = new AnthropicAnswerReader(AnswerHead.New("m", DateTimeOffset.UnixEpoch));
        var openAi = new ChatAnswerReader();
        return [(anthropic, new TranslatedChunks(() => anthropic.Head, includeUsage: true)), (openAi, new PassedChunks(openAi, includeUsage: false))];
    }

    private static void Feed(IAnswerReader reader, IAnswerWriter writer, byte[] data)
    {
        if (!reader.TryReadEvent(data) || reader.HasError) return;
        var output = new ArrayBufferWriter<byte>();
        writer.WriteEvent(output, data, reader);
        foreach (var frame in Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (writer is TranslatedChunks) JsonDocument.Parse(frame["data: ".Length..]).Dispose();
        }
    }

    private static async Task ReadAsync(byte[] bytes, int[] cuts)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 16, useSynchronizationContext: false));
        for (var (i, position) = (0, 0); position < bytes.Length; i++)
        {
            var length = cuts.Length == 0 ? bytes.Length : Math.Min(cuts[i % cuts.Length], bytes.Length - position);
            await pipe.Writer.WriteAsync(bytes.AsMemory(position, length), patience.Token);
            position += length;
        }

        await pipe.Writer.CompleteAsync();
        var sse = new SseReader(pipe.Reader, maxBytes: 1_000);
        var families = Families();
        while (await sse.ReadAsync(patience.Token) is { Kind: not (SseKind.End or SseKind.TooLong) } read)
        {
            foreach (var (reader, writer) in families) Feed(reader, writer, read.Data.ToArray());
        }
    }

    private static void Check<T>(Gen<T> cases, int count, Action<T> body) => Prop.ForAll(cases.ToArbitrary(), body).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
