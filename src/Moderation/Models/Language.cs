namespace Aigc2d.Moderation.Models;

/// <summary>The language that a stretch of text is judged in.</summary>
internal enum Language
{
    English,
    Chinese,
}

/// <summary>Tells languages apart by the share of Chinese characters; everything else is judged as English.</summary>
internal static class Languages
{
    public const int Count = 2;

    // A Chinese character says about as much as a short word.
    private const int LettersPerHan = 3;

    public static Language Of(int letters, int han) => han * LettersPerHan >= letters && han > 0 ? Language.Chinese : Language.English;
}
