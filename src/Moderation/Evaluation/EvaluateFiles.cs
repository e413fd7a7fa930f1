using System.Diagnostics;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Evaluation.Evasions;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>
/// <c>eval FILE… [--streams|--evasions] [--stage prompt|output] [--model FILE|none] [--markdown|--json]</c>: how well the engine does on labelled rows, per set and category, and
/// beside its targets; <c>eval --corpus DIR</c>: what it does with the authored corpus. Texts are screened one after the other on one processor, so that each one's time is its own.
/// </summary>
internal static class EvaluateFiles
{
    private const string Usage = "usage: moderation eval [--streams|--evasions] [--stage prompt|output] [--model FILE|none] [--markdown|--json] FILE…, or eval --corpus DIR instead of files";
    private const int WarmUps = 500;
    private const int MostFaultsSaid = 5;

    public static async Task<int> MainAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var (line, stage) = (CommandLine.Parse(args, ["--streams", "--evasions", "--markdown", "--json"], ["--stage", "--model", "--corpus"], out var fault), ScreeningStage.Prompt);
        if (line is not null && !Stages.TryParse(line, out stage)) fault = "--stage is prompt or output";
        var corpus = line?.Options.GetValueOrDefault("--corpus");
        if (line is not null && (line.Files.Count > 0) == (corpus is not null)) fault ??= corpus is null ? "no file is named" : "--corpus takes no files";
        if (line?.Has("--streams") == true && line.Has("--evasions")) fault ??= "--streams and --evasions are two runs";
        if (fault is not null)
        {
            await errors.WriteLineAsync($"error: {fault}\n{Usage}");
            return ExitCodes.Misused;
        }

        if (await RowSource.OpenAllAsync(line!.Files, errors) is not { } sources) return ExitCodes.Misused;
        try
        {
            if (await MeasuredEngine.LoadAsync(line.Options.GetValueOrDefault("--model"), errors) is not { } engine) return ExitCodes.Misused;
            var format = line.Has("--json") ? ReportFormat.Json : line.Has("--markdown") ? ReportFormat.Markdown : ReportFormat.Text;
            if (format != ReportFormat.Json && engine.Remark is { } remark) await output.WriteLineAsync($"Weights: {remark}.\n");
            if (corpus is not null) return await CorpusFigures.WriteAsync(corpus, engine, stage, output, errors, format);
            var run = new Run(engine, new Progress("eval", errors, TimeProvider.System), output, errors, format);
            var bad = line.Has("--streams") ? await StreamsAsync(sources, run) : line.Has("--evasions") ? await EvasionsAsync(sources, stage, run) : await SetsAsync(sources, stage, run);
            return bad == 0 ? ExitCodes.Done : ExitCodes.Misused;
        }
        finally
        {
            foreach (var source in sources) await source.DisposeAsync();
        }
    }

    private static async Task<int> StreamsAsync(IReadOnlyList<RowSource> sources, Run run)
    {
        var leaks = new StreamLeaks(run.Engine.Screener);
        var bad = 0;
        foreach (var source in sources)
        {
            leaks.BeginSet();
            bad += await ReadAsync(source, leaks.Add, run);
        }

        await StreamReport.WriteAsync(await leaks.MeasureAsync(run.Progress), run.Output, run.Format);
        return bad;
    }

    private static async Task<int> EvasionsAsync(IReadOnlyList<RowSource> sources, ScreeningStage stage, Run run)
    {
        var screener = run.Engine.Screener;
        var retention = new Retention(screener.Rules, text => screener.Screen([text], stage).Action == VerdictAction.Block);
        var bad = 0;
        foreach (var source in sources) bad += await ReadAsync(source, row => retention.Add(row.Text), run);
        await RetentionReport.WriteAsync(retention.Rows, run.Output, run.Format);
        return bad;
    }

    private static async Task<int> SetsAsync(IReadOnlyList<RowSource> sources, ScreeningStage stage, Run run)
    {
        var cost = new EngineTargets();
        var sets = new List<MeasuredSet>();
        var bad = 0;
        foreach (var source in sources) bad += await MeasureAsync(source, stage, cost, sets, run);
        await EvaluationReport.WriteAsync(sets, [.. Targets.Measure(sets), .. cost.Measure(run.Engine)], run.Engine.Remark, run.Output, run.Format);
        return bad;
    }

    private static async Task<int> MeasureAsync(RowSource source, ScreeningStage stage, EngineTargets cost, List<MeasuredSet> sets, Run run)
    {
        var rows = new List<MeasuredRow>();
        var isWarm = sets.Count > 0;
        cost.BeginSet();
        var bad = await ReadAsync(source, row =>
        {
            // The first texts would pay for compiling the code.
            for (var i = 0; i < WarmUps && !isWarm; i++) run.Engine.Screener.Screen([row.Text], stage);
            isWarm = true;
            var started = Stopwatch.GetTimestamp();
            var judgement = run.Engine.Screener.Screen([row.Text], stage);
            rows.Add(new MeasuredRow(row.Labels!, judgement.Action, judgement.Scores, Stopwatch.GetElapsedTime(started).TotalMicroseconds));
            cost.Add(row.Text);
        }, run);
        sets.Add(new MeasuredSet(source.Path, rows));
        var unknown = rows.SelectMany(row => row.Labels.Unknown).Distinct(StringComparer.Ordinal).Count();
        if (unknown > 0) await run.Errors.WriteLineAsync($"eval: {source.Path} names {unknown} categories that are none of ours; they are passed over");
        return bad;
    }

    /// <summary>Takes every row of a file and answers how many lines are none; the first of them are named.</summary>
    private static async Task<int> ReadAsync(RowSource source, Action<Row> take, Run run)
    {
        var bad = 0;
        var number = 0;
        try
        {
            var lines = await source.LinesAsync(CancellationToken.None);
            while (await lines.ReadAsync(CancellationToken.None))
            {
                number = lines.Number;
                if (!lines.IsTooLong && lines.Line.Span.TrimStart(" \t\r"u8).IsEmpty) continue;
                var row = lines.IsTooLong ? Row.Bad("is too long") : Row.Read(lines.Line.Span, withLabels: true);
                if (row.Fault is null) take(row);
                else if (++bad <= MostFaultsSaid) await run.Errors.WriteLineAsync($"eval: {source.Path}, line {number}: {row.Fault}");
                await run.Progress.AddAsync(1);
            }
        }
        catch (Exception exception) when (RowSource.IsUnreadable(exception))
        {
            bad++;
            await run.Errors.WriteLineAsync($"eval: {source.Path}, line {number + 1}: cannot be read: {RowSource.ReasonOf(exception)}");
        }

        if (bad > MostFaultsSaid) await run.Errors.WriteLineAsync($"eval: {source.Path} has {bad} bad rows");
        return bad;
    }

    /// <summary>What one call measures with, and where it says so.</summary>
    private sealed record Run(MeasuredEngine Engine, Progress Progress, TextWriter Output, TextWriter Errors, ReportFormat Format);
}
