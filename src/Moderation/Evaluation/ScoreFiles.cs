using System.Threading.Channels;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>
/// <c>score FILE… [--stage prompt|output] [--model FILE|none]</c>: what the engine says of each row, one line of JSON per row in the order of the rows. All processors
/// work, and memory holds a few batches however long the files are.
/// </summary>
internal static class ScoreFiles
{
    private const string Usage = "usage: moderation score FILE… [--stage prompt|output] [--model FILE|none]; FILE is .jsonl, .jsonl.gz or - for standard input";

    public static async Task<int> MainAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var line = CommandLine.Parse(args, [], ["--stage", "--model"], out var fault);
        var stage = ScreeningStage.Prompt;
        if (line is not null && !Stages.TryParse(line, out stage)) fault = "--stage is prompt or output";
        if (line is { Files.Count: 0 }) fault ??= "no file is named";
        if (fault is not null)
        {
            await errors.WriteLineAsync($"error: {fault}\n{Usage}");
            return ExitCodes.Misused;
        }

        if (await RowSource.OpenAllAsync(line!.Files, errors) is not { } sources) return ExitCodes.Misused;
        if (await MeasuredEngine.LoadAsync(line.Options.GetValueOrDefault("--model"), errors) is not { } engine) return ExitCodes.Misused;
        await using var lines = StandardOutput.Open();
        try
        {
            var bad = await RunAsync(sources, lines, engine.Screener, stage, new Progress("score", errors, TimeProvider.System));
            if (bad == 0) return ExitCodes.Done;
            await errors.WriteLineAsync($"score: {bad} bad {(bad == 1 ? "row" : "rows")}");
            return ExitCodes.Misused;
        }
        catch (IOException exception) when (StandardOutput.IsGone(exception))
        {
            return ExitCodes.Done;
        }
        catch (IOException exception)
        {
            await errors.WriteLineAsync($"error: the results cannot be written: {exception.Message}");
            return ExitCodes.Failed;
        }
        finally
        {
            foreach (var source in sources) await source.DisposeAsync();
        }
    }

    /// <summary>Scores all rows and answers how many were bad.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<RowSource> sources, Stream output, TextScreener screener, ScreeningStage stage, Progress progress)
    {
        var underWay = Channel.CreateBounded<Task<ScoredBatch>>(2 * Environment.ProcessorCount);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAsync(sources, batch => underWay.Writer.WriteAsync(Task.Run(() => batch.Score(screener, stage)), stop.Token), underWay.Writer, stop.Token));
        var bad = 0;
        try
        {
            await foreach (var scoring in underWay.Reader.ReadAllAsync())
            {
                var batch = await scoring;
                await output.WriteAsync(batch.Lines);
                bad += batch.Bad;
                await progress.AddAsync(batch.Rows);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await reading;
        return bad;
    }

    private static async Task ReadAsync(IReadOnlyList<RowSource> sources, Func<RowBatch, ValueTask> submit, ChannelWriter<Task<ScoredBatch>> writer, CancellationToken ct)
    {
        try
        {
            foreach (var source in sources) await ReadAsync(source, sources.Count > 1 ? source.Path : null, submit, ct);
            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.TryComplete(exception);
        }
    }

    /// <summary>What is here already goes together, and what has come is never kept back to wait for more.</summary>
    private static async Task ReadAsync(RowSource source, string? name, Func<RowBatch, ValueTask> submit, CancellationToken ct)
    {
        var batch = new RowBatch(name);
        var number = 0;
        try
        {
            var lines = await source.LinesAsync(ct);
            while (await lines.ReadAsync(ct))
            {
                number = lines.Number;
                batch.Add(lines);
                if (batch.Count == 0 || (!batch.IsFull && lines.HasNext)) continue;
                await submit(batch);
                batch = new RowBatch(name);
            }
        }
        catch (Exception exception) when (RowSource.IsUnreadable(exception))
        {
            batch.AddFault(number + 1, $"cannot be read: {RowSource.ReasonOf(exception)}");
        }

        if (batch.Count > 0) await submit(batch);
    }
}
