namespace Aigc2d.Moderation.Normalisation;

/// <summary>What kind of character a folded character is.</summary>
internal static class Letters
{
    private const byte WordBit = 1;
    private const byte HanBit = 2;
    private static readonly byte[] Kinds = MakeKinds();

    /// <summary>A letter or digit of any script: part of a word.</summary>
    public static bool IsWord(char c) => Kinds[c] != 0;

    /// <summary>A Chinese character, which is a word's part without needing a word's boundary.</summary>
    public static bool IsHan(char c) => (Kinds[c] & HanBit) != 0;

    /// <summary>Part of a word in a script that sets words apart.</summary>
    public static bool IsSpelled(char c) => Kinds[c] == WordBit;

    /// <summary>Ends a sentence or clause. Full-width and ideographic marks have been folded to these.</summary>
    public static bool IsStop(char c) => c is '.' or '!' or '?' or ',' or ';' or ':' or '\n';

    private static byte[] MakeKinds()
    {
        var kinds = new byte[char.MaxValue + 1];
        for (var i = 0; i < kinds.Length; i++)
        {
            var c = (char)i;
            var han = c is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or '\u3005' or '\u3007';
            kinds[i] = (byte)((char.IsLetterOrDigit(c) ? WordBit : 0) | (han ? WordBit | HanBit : 0));
        }

        return kinds;
    }
}
