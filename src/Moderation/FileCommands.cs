using Aigc2d.Moderation.Evaluation;
using Aigc2d.Moderation.Training;

namespace Aigc2d.Moderation;

/// <summary>Runs a command on files instead of the service; answers its exit code.</summary>
internal delegate Task<int> FileCommand(string[] args, TextWriter output, TextWriter errors);

/// <summary>What this program does with files when it is not asked to serve: <c>Aigc2d.Moderation train …</c>. No database, no network.</summary>
internal static class FileCommands
{
    private static readonly Dictionary<string, FileCommand> ByName = new(StringComparer.Ordinal)
    {
        ["train"] = TrainModel.MainAsync,
        ["eval"] = EvaluateFiles.MainAsync,
        ["score"] = ScoreFiles.MainAsync,
    };

    public static FileCommand? Find(string[] args) => args is [var name, ..] ? ByName.GetValueOrDefault(name) : null;
}
