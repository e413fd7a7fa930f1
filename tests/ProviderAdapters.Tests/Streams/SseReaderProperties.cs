using System.IO.Pipelines;
using System.Text;
using Aigc2d.ProviderAdapters.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Streams;

/// <summary>A stream reads the same however its bytes arrive, and as the standard says.</summary>
public sealed class SseReaderProperties
{
    private const int Limit = 1_000_000;

    // Whole lines and fragments that meet at every awkward place.
    private static readonly string[] Fragments =
    [
        "data: {\"a\":1}", "data:", "data", "data:x", "data:  y", ": comment", ":", "event: ping", "id: 7", "retry", "datax: no", "\uFEFF", "héllo", "data: \u4E16\u754C", " ",
        "\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\r\r",
    ];

    [Fact]
    public void Any_stream_reads_the_same_at_any_split()
    {
        var cases =
            from fragments in Gen.Elements(Fragments).ListOf()
            from cuts in Gen.Choose(1, 9).ListOf()
            select (Text: string.Concat(fragments), Cuts: cuts.ToArray());

        Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var whole = Read(@case.Text, []).GetAwaiter().GetResult();
            var split = Read(@case.Text, @case.Cuts).GetAwaiter().GetResult();
            Assert.Equal(Model(@case.Text), whole);
            Assert.Equal(whole, split);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_ends_the_reading_before_it_is_whole()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var writing = Task.Run(async () =>
        {
            var block = Encoding.UTF8.GetBytes(new string('x', 10_000));
            await pipe.Writer.WriteAsync("data: "u8.ToArray());
            while (!(await pipe.Writer.WriteAsync(block)).IsCompleted)
            {
            }
        });

        var read = await new SseReader(pipe.Reader, Limit).ReadAsync(default);
        await pipe.Reader.CompleteAsync();
        await writing;

        Assert.Equal(SseKind.TooLong, read.Kind);
    }

    [Fact]
    public async Task A_long_line_within_the_limit_passes_a_small_pipe()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var text = new string('x', 900_000);
        var writing = Task.Run(async () =>
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"data: {text}\n\n"));
            await pipe.Writer.CompleteAsync();
        });

        var sse = new SseReader(pipe.Reader, Limit);
        var read = await sse.ReadAsync(default);
        Assert.Equal((SseKind.Event, text), (read.Kind, Encoding.UTF8.GetString(read.Data.Span)));
        Assert.Equal(SseKind.End, (await sse.ReadAsync(default)).Kind);
        await writing;
    }

    [Fact]
    public async Task A_woken_reader_loses_nothing()
    {
        var pipe = new Pipe();
        var sse = new SseReader(pipe.Reader, Limit);
        await pipe.Writer.WriteAsync("data: one"u8.ToArray());

        var reading = sse.ReadAsync(default);
        pipe.Reader.CancelPendingRead();
        Assert.Equal(SseKind.Woken, (await reading).Kind);
        await pipe.Writer.WriteAsync(" two\n\n"u8.ToArray());

        Assert.Equal("one two", Encoding.UTF8.GetString((await sse.ReadAsync(default)).Data.Span));
    }

    private static async Task<List<string>> Read(string text, int[] cuts)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 4, useSynchronizationContext: false));
        var sse = new SseReader(pipe.Reader, Limit);
        var events = new List<string>();
        var position = 0;
        for (var i = 0; position < bytes.Length; i++)
        {
            var length = cuts.Length == 0 ? bytes.Length : Math.Min(cuts[i % cuts.Length], bytes.Length - position);
            await pipe.Writer.WriteAsync(bytes.AsMemory(position, length));
            position += length;
            // Reads what is there, and is then left with a pending read that the wake-up ends.
            pipe.Reader.CancelPendingRead();
            while (await sse.ReadAsync(default) is { Kind: SseKind.Event } read) events.Add(Encoding.UTF8.GetString(read.Data.Span));
        }

        await pipe.Writer.CompleteAsync();
        while (await sse.ReadAsync(default) is { Kind: not SseKind.End } read)
        {
            if (read.Kind == SseKind.Event) events.Add(Encoding.UTF8.GetString(read.Data.Span));
        }

        return events;
    }

    /// <summary>The standard in a few lines, on text.</summary>
    private static List<string> Model(string text)
    {
        var events = new List<string>();
        var data = new List<string>();
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var isFirst = true;
        foreach (var raw in lines)
        {
            var line = raw;
            if (line.Length > 0 && isFirst)
            {
                isFirst = false;
                if (line[0] == '\uFEFF') line = line[1..];
            }
            else if (line.Length == 0)
            {
                Dispatch();
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (field == "data") data.Add(value.StartsWith(' ') ? value[1..] : value);
        }

        Dispatch();
        return events;

        void Dispatch()
        {
            if (data.Count > 0) events.Add(string.Join('\n', data));
            data.Clear();
        }
    }
}
